/**
 * The numbers that `NumberScanner` reads, as the source of a regular expression without groups; the flag `i` is not
 * needed. The bytes of a sign for infinity stand one by one.
 */
export const NUMBER =
  "[-+]?(?:1\\.(?:#[A-Z]{1,4}\\d*|\\$)(?![A-Za-z0-9_])|(?:\\d{1,3}(?:_\\d{3})+(?![A-Za-z0-9_])(?:\\.\\d*)?|\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?|(?:[nN][aA][nN](?:\\(\\w*\\))?|[iI][nN][fF](?:[iI][nN][iI][tT][yY])?|\u00e2\u0088\u009e)(?=ms\\b|[^A-Za-z0-9_]|$))";
