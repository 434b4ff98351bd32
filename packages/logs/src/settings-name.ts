const SETTINGS =
  /(?:^|\/)(?:package(?:-lock)?|tsconfig[\w.-]*|[\w.-]*config|tokenizer[\w.-]*|[\w-]*vocab|special_tokens_map|added_tokens|requirements[\w.-]*|README[\w.-]*|LICENSE[\w.-]*|environment|hparams|params|[\w-]*args|settings|manifest|[\w.-]*\.index)\.(?:json|txt)$/i;

/** Tells files that stand beside many logs and hold settings or a vocabulary, whatever their keys are called. */
export function isSettingsName(path: string): boolean {
  return SETTINGS.test(path.replaceAll("\\", "/"));
}
