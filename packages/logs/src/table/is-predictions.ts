/** Tells a table of targets and predictions by its header: it is for `eval`, and its rows are no steps of training. */
export function isPredictions(header: readonly string[]): boolean {
  const has = (pattern: RegExp): boolean => header.some((name) => pattern.test(name));
  return (
    has(/^(?:y|y_?true|targets?|labels?|truth|actual|expected|ground_?truth|class)$/i) &&
    has(/^(?:y_?(?:pred|hat|prob|score)\w*|pred\w*|prob\w*|scores?|logits?(?:_?\d+)?|p_?\d+|forecast)$/i)
  );
}
