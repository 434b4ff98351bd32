/**
 * The numbers that `NumberScanner` reads, as the source of a regular expression without groups; the flag `i` is not
 * needed.
 */
export const NUMBER =
  "[-+]?(?:(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?|(?:[nN][aA][nN](?:\\(ind\\))?|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?)(?=ms\\b|[^A-Za-z0-9_]|$))";
