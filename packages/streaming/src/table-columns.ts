import { sourcesFrom, type Source } from "./source/sources-from.ts";

/**
 * Names the columns of a source, in its order, without reading its rows.
 * @throws LF_* where the source is none of the formats, or damaged where its columns stand.
 */
export async function tableColumns(source: Source): Promise<readonly string[]> {
  const table = await sourcesFrom([source])[0]!.open();
  try {
    return table.columns;
  } finally {
    await table.close();
  }
}
