#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <wchar.h>

extern char **environ;

campaign_guarded campaign_guarded_make(size_t size, size_t alignment) {
  campaign_guarded guarded;
  guarded.mutex = malloc(sizeof(pthread_mutex_t));
  guarded.changed = malloc(sizeof(pthread_cond_t));
  pthread_mutex_init(guarded.mutex, NULL);
  pthread_cond_init(guarded.changed, NULL);
  size_t least = alignment < sizeof(void *) ? sizeof(void *) : alignment;
  void *storage = NULL;
  if (posix_memalign(&storage, least, size ? size : 1) != 0) abort();
  guarded.storage = storage;
  return guarded;
}

void campaign_guarded_free(campaign_guarded guarded) {
  pthread_mutex_destroy(guarded.mutex);
  pthread_cond_destroy(guarded.changed);
  free(guarded.mutex);
  free(guarded.changed);
  free(guarded.storage);
}

int campaign_thread_start(void *(*body)(void *), void *context) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, 512 * 1024);
  pthread_t thread;
  int error = pthread_create(&thread, &attributes, body, context);
  pthread_attr_destroy(&attributes);
  return error;
}

int campaign_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno; }

typedef struct {
  int folder;
  const char *paths;
  const uint32_t *starts;
  const campaign_stamp *stamps;
  size_t first, end;
  uint8_t *changed;
  bool *differ;
} stamp_range;

static int64_t nanoseconds(struct timespec time) { return time.tv_sec * 1000000000LL + time.tv_nsec; }

static bool is_changed(int folder, const char *path, const campaign_stamp *stamp) {
  struct stat now;
  if (fstatat(folder, path, &now, 0) != 0) return stamp->inode != 0;
  return stamp->inode != now.st_ino || stamp->size != now.st_size || stamp->modified != nanoseconds(now.st_mtim) ||
         stamp->changed != nanoseconds(now.st_ctim);
}

static void *compare_stamps(void *context) {
  stamp_range *range = context;
  bool differ = false;
  for (size_t n = range->first; n < range->end; n++) {
    if (range->stamps[n].size == -1) {
      if (range->changed) range->changed[n] = 1;
    } else if (is_changed(range->folder, range->paths + range->starts[n], &range->stamps[n])) {
      differ = true;
      if (range->changed) range->changed[n] = 1;
    }
    if (!range->changed && (differ || (n % 64 == 0 && __atomic_load_n(range->differ, __ATOMIC_RELAXED)))) break;
  }
  if (differ) __atomic_store_n(range->differ, true, __ATOMIC_RELAXED);
  return NULL;
}

bool campaign_stamps_differ(int folder, const char *paths, const uint32_t *starts, const campaign_stamp *stamps,
                            size_t count, uint8_t *changed) {
  enum { most = 16 };
  // Below some thousand files a thread costs more than it saves.
  size_t threads = count / 2000 + 1, cores = (size_t)sysconf(_SC_NPROCESSORS_ONLN);
  if (threads > cores) threads = cores;
  if (threads > most) threads = most;
  pthread_t workers[most];
  stamp_range ranges[most];
  bool differ = false;
  for (size_t n = 0; n < threads; n++) {
    ranges[n] = (stamp_range){folder, paths, starts, stamps, count * n / threads, count * (n + 1) / threads,
                              changed, &differ};
    if (n > 0 && pthread_create(&workers[n], NULL, compare_stamps, &ranges[n]) != 0) {
      compare_stamps(&ranges[n]);
      workers[n] = 0;
    }
  }
  compare_stamps(&ranges[0]);
  for (size_t n = 1; n < threads; n++)
    if (workers[n]) pthread_join(workers[n], NULL);
  return differ;
}

int campaign_open(const char *path, int flags, mode_t mode) { return open(path, flags | O_CLOEXEC, mode); }

bool campaign_would_block(int error) { return error == EWOULDBLOCK || error == EAGAIN; }

void campaign_terminal_size(int descriptor, int *columns, int *rows) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return;
  if (size.ws_col > 0) *columns = size.ws_col;
  if (size.ws_row > 0) *rows = size.ws_row;
}

int campaign_character_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

int64_t campaign_free_bytes(const char *path) {
  struct statvfs info;
  return statvfs(path, &info) == 0 ? (int64_t)info.f_bavail * (int64_t)info.f_frsize : -1;
}

char **campaign_environment(void) { return environ; }
