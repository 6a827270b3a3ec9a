/* The clock of a worker's host, set off by as many seconds as stand in the file that FAULTS_CLOCK names.
   Loaded in front of libc (LD_PRELOAD); the monotonic clock stays as it is, as on a host whose date is changed. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *offset;
static int (*real)(clockid_t, struct timespec *);

__attribute__((constructor)) static void open_offset(void) {
  const char *path = getenv("FAULTS_CLOCK");
  int file = path ? open(path, O_RDONLY) : -1;
  void *at = file >= 0 ? mmap(0, 8, PROT_READ, MAP_SHARED, file, 0) : MAP_FAILED;
  real = dlsym(RTLD_NEXT, "clock_gettime");
  if (at != MAP_FAILED) offset = at;
  if (file >= 0) close(file);
}

int clock_gettime(clockid_t id, struct timespec *now) {
  int code = real ? real(id, now) : -1;
  if (!code && offset && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) now->tv_sec += *offset;
  return code;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec moment;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &moment);
  now->tv_sec = moment.tv_sec;
  now->tv_usec = moment.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *out) {
  struct timespec moment;
  clock_gettime(CLOCK_REALTIME, &moment);
  if (out) *out = moment.tv_sec;
  return moment.tv_sec;
}
