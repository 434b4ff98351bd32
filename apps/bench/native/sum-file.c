/*
 * Reads an Arrow IPC file of two float32 columns without nulls and adds up the squared differences of its rows: what a
 * job has to be measured by. sum-file FILE THREADS prints the wall and CPU seconds it took, and the sum.
 *
 * Batches are found by the file's footer; threads take one after the other, and read 512 KiB of each column at a time.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 131072, MOST_METADATA = 65536, MOST_THREADS = 64 };

/* Block of Footer.fbs. */
typedef struct {
  int64_t offset;
  int32_t metadata;
  int32_t padding;
  int64_t body;
} Block;

static Block *blocks;
static int64_t block_count, next_block;
static int file;
static double total;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int32_t i32(const uint8_t *b) { int32_t v; memcpy(&v, b, 4); return v; }
static uint16_t u16(const uint8_t *b) { uint16_t v; memcpy(&v, b, 2); return v; }
static int64_t i64(const uint8_t *b) { int64_t v; memcpy(&v, b, 8); return v; }

/* Field k of a flatbuffer's table, and what a reference leads to. */
static const uint8_t *field(const uint8_t *table, int k) {
  const uint8_t *vtable = table - i32(table);
  return table + u16(vtable + 4 + 2 * k);
}
static const uint8_t *target(const uint8_t *reference) { return reference + i32(reference); }

static void read_all(void *to, int64_t bytes, int64_t at) {
  for (char *b = to; bytes > 0;) {
    ssize_t got = pread(file, b, bytes, at);
    if (got <= 0) exit(1);
    b += got, at += got, bytes -= got;
  }
}

static void *work(void *unused) {
  (void)unused;
  double sum = 0;
  float *y = aligned_alloc(64, 4 * PIECE), *p = aligned_alloc(64, 4 * PIECE);
  uint8_t metadata[MOST_METADATA];
  for (;;) {
    int64_t i = __atomic_fetch_add(&next_block, 1, __ATOMIC_RELAXED);
    if (i >= block_count) break;
    Block block = blocks[i];
    if (block.metadata > MOST_METADATA) exit(1);
    read_all(metadata, block.metadata, block.offset);
    const uint8_t *batch = target(field(target(metadata + 8), 2));
    int64_t rows = i64(field(batch, 0));
    /* Of each column a validity buffer and a buffer of values, 16 bytes each: where it begins, how long it is. */
    const uint8_t *buffers = target(field(batch, 2)) + 4;
    int64_t body = block.offset + block.metadata;
    int64_t y_at = body + i64(buffers + 16), p_at = body + i64(buffers + 48);
    for (int64_t r = 0; r < rows; r += PIECE) {
      int64_t n = rows - r < PIECE ? rows - r : PIECE;
      read_all(y, 4 * n, y_at + 4 * r);
      read_all(p, 4 * n, p_at + 4 * r);
      double piece = 0;
      for (int64_t k = 0; k < n; k++) {
        double d = (double)p[k] - (double)y[k];
        piece += d * d;
      }
      sum += piece;
    }
  }
  pthread_mutex_lock(&lock);
  total += sum;
  pthread_mutex_unlock(&lock);
  return NULL;
}

static double seconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  double start = seconds(CLOCK_MONOTONIC);
  struct stat info;
  file = open(argv[1], O_RDONLY);
  if (file < 0 || fstat(file, &info) != 0) return 1;
  uint8_t tail[10];
  read_all(tail, 10, info.st_size - 10);
  int32_t length = i32(tail);
  uint8_t *footer = malloc(length);
  read_all(footer, length, info.st_size - 10 - length);
  const uint8_t *list = target(field(target(footer), 3));
  block_count = i32(list);
  list += 4;
  while ((list - footer) % 8) list++;
  blocks = malloc(block_count * sizeof(Block));
  memcpy(blocks, list, block_count * sizeof(Block));
  int threads = atoi(argv[2]);
  pthread_t all[MOST_THREADS];
  if (threads < 1 || threads > MOST_THREADS) return 2;
  for (int i = 0; i < threads; i++) pthread_create(&all[i], NULL, work, NULL);
  for (int i = 0; i < threads; i++) pthread_join(all[i], NULL);
  printf("%.6f %.6f %.17g\n", seconds(CLOCK_MONOTONIC) - start, seconds(CLOCK_PROCESS_CPUTIME_ID), total);
  return 0;
}
