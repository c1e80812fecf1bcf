#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
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

// posix_spawn has no parent-death signal, so this is vfork and exec by hand: only async-signal-safe calls
// between the two, all signals blocked meanwhile. vfork shares memory, so the cost does not grow with ours.
pid_t campaign_spawn(const char *const *argv, const char *const *environment, const char *directory,
                     int standard_input, int standard_output, int standard_error) {
  // execvpe in the child would read PATH from our environment; that is what is wanted.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  volatile int failure = 0;
  pid_t parent = getpid();
  pid_t pid = vfork();
  if (pid == 0) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    struct sigaction standard;
    memset(&standard, 0, sizeof standard);
    standard.sa_handler = SIG_DFL;
    // Those that we handle or ignore; what our parent wants to be ignored, programs ignore too.
    const int ours[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    for (int i = 0; i < 4; i++) sigaction(ours[i], &standard, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (chdir(directory) != 0 || dup2(standard_input, 0) < 0 || dup2(standard_output, 1) < 0 ||
        dup2(standard_error, 2) < 0) {
      failure = errno;
      _exit(127);
    }
    close_range(3, ~0U, 0);
    execvpe(argv[0], (char *const *)argv, (char *const *)environment);
    failure = errno;
    _exit(127);
  }
  int error = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (pid < 0) return -error;
  if (failure != 0) {
    waitpid(pid, NULL, 0);
    return -failure;
  }
  return pid;
}

int campaign_wait(pid_t pid) {
  int status;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return -errno;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int signal_pipe[2] = {-1, -1};

static void note_signal(int number) {
  int saved = errno;
  unsigned char byte = (unsigned char)number;
  ssize_t ignored = write(signal_pipe[1], &byte, 1);
  (void)ignored;
  errno = saved;
}

int campaign_signal_pipe(void) {
  if (signal_pipe[0] >= 0) return signal_pipe[0];
  if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) != 0) return -errno;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = note_signal;
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGHUP, &action, NULL);
  signal(SIGPIPE, SIG_IGN);
  return signal_pipe[0];
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
