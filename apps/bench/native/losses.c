/*
 * The losses as a C compiler makes them, for the bench: columns of REAL (float or double) in, doubles within, an ordinary
 * sum.
 *
 * losses DATA ROWS: DATA holds predictions, targets and labels 0 or 1 of REAL, then int32 classes for
 * rows of 10 and of 1000. Each line "NAME" on standard input is one pass over all rows in chunks of 65,536 numbers;
 * the answer is the CPU seconds it took and the sum.
 */
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK = 65536 };

typedef double (*Loss)(const REAL *restrict x, const void *restrict target, long n);

/* Reads both columns and does nothing else with them: what memory allows. */
static double read_both(const REAL *restrict x, const void *restrict target, long n) {
  const REAL *restrict t = target;
  REAL s = 0;
  for (long i = 0; i < n; i++) s += x[i] + t[i];
  return s;
}

static double mse(const REAL *restrict x, const void *restrict target, long n) {
  const REAL *restrict t = target;
  double s = 0;
  for (long i = 0; i < n; i++) {
    double d = (double)x[i] - (double)t[i];
    s += d * d;
  }
  return s;
}

static double mae(const REAL *restrict x, const void *restrict target, long n) {
  const REAL *restrict t = target;
  double s = 0;
  for (long i = 0; i < n; i++) s += fabs((double)x[i] - (double)t[i]);
  return s;
}

static double huber(const REAL *restrict x, const void *restrict target, long n) {
  const REAL *restrict t = target;
  double s = 0;
  for (long i = 0; i < n; i++) {
    double d = fabs((double)x[i] - (double)t[i]);
    double m = d < 1 ? d : 1;
    s += m * (d - 0.5 * m);
  }
  return s;
}

static double bce_logits(const REAL *restrict x, const void *restrict target, long n) {
  const REAL *restrict t = target;
  double s = 0;
  for (long i = 0; i < n; i++) {
    double z = x[i];
    s += (z > 0 ? z : 0) - z * t[i] + log1p(exp(-fabs(z)));
  }
  return s;
}

static double focal_logits(const REAL *restrict x, const void *restrict target, long n) {
  const REAL *restrict t = target;
  const double alpha = 0.25;
  double s = 0;
  for (long i = 0; i < n; i++) {
    double z = x[i], y = t[i];
    double e = exp(-fabs(z));
    double entropy = (z > 0 ? z : 0) - z * y + log1p(e);
    double large = 1 / (1 + e), small = e * large;
    double p = z < 0 ? small : large, q = z < 0 ? large : small;
    double wrong = p * (1 - y) + q * y;
    s += (alpha * y + (1 - alpha) * (1 - y)) * entropy * wrong * wrong;
  }
  return s;
}

static double rows_of(const REAL *restrict x, const int32_t *restrict y, long rows, int classes) {
  double s = 0;
  for (long r = 0; r < rows; r++, x += classes) {
    REAL m = x[0];
    for (int j = 1; j < classes; j++) m = x[j] > m ? x[j] : m;
    double e = 0;
    for (int j = 0; j < classes; j++) e += exp((double)x[j] - (double)m);
    s += log(e) + m - x[y[r]];
  }
  return s;
}

static double scce_10(const REAL *restrict x, const void *restrict y, long n) { return rows_of(x, y, n / 10, 10); }

static double scce_1000(const REAL *restrict x, const void *restrict y, long n) { return rows_of(x, y, n / 1000, 1000); }

static const struct {
  const char *name;
  Loss loss;
  int target; /* 0 numbers, 1 labels, 2 and 3 classes */
  int classes;
} LOSSES[] = {
    {"read", read_both, 0, 1},        {"mse", mse, 0, 1},
    {"mae", mae, 0, 1},               {"huber", huber, 0, 1},
    {"bce_logits", bce_logits, 1, 1}, {"focal_logits", focal_logits, 1, 1},
    {"scce_10", scce_10, 2, 10},      {"scce_1000", scce_1000, 3, 1000},
};

static double cpu_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  long rows = atol(argv[2]);
  size_t size = 3 * sizeof(REAL) * (size_t)rows + 4 * (size_t)(rows / 10 + rows / 1000);
  int file = open(argv[1], O_RDONLY);
  REAL *data = aligned_alloc(64, (size + 63) / 64 * 64);
  for (size_t got = 0; got < size;) {
    ssize_t n = read(file, (char *)data + got, size - got);
    if (n <= 0) return 1;
    got += (size_t)n;
  }
  const int32_t *classes10 = (const int32_t *)(data + 3 * rows);
  const REAL *targets[] = {data + rows, data + 2 * rows};
  char name[64];
  while (scanf("%63s", name) == 1) {
    size_t k = 0;
    while (k < sizeof LOSSES / sizeof *LOSSES && strcmp(LOSSES[k].name, name)) k++;
    if (k == sizeof LOSSES / sizeof *LOSSES) return 2;
    int classes = LOSSES[k].classes;
    long chunk = CHUNK / classes * classes, all = rows / classes * classes;
    double sum = 0, start = cpu_seconds();
    for (long i = 0; i < all; i += chunk) {
      long n = all - i < chunk ? all - i : chunk;
      const void *target = LOSSES[k].target < 2    ? (const void *)(targets[LOSSES[k].target] + i)
                           : LOSSES[k].target == 2 ? classes10 + i / 10
                                                   : classes10 + rows / 10 + i / 1000;
      sum += LOSSES[k].loss(data + i, target, n);
    }
    printf("%.9f %.17g\n", cpu_seconds() - start, sum);
    fflush(stdout);
  }
  return 0;
}
