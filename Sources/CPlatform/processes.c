// Our children and our signals.
#define _GNU_SOURCE
#include "CPlatform.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void campaign_begin(void) {
  // The wrong way round, so that whoever reads or writes there is told: it was closed.
  for (int descriptor = 0; descriptor < 3; descriptor++)
    if (fcntl(descriptor, F_GETFD) < 0) open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY);
  signal(SIGXFSZ, SIG_IGN);
}

// The children that live, each the leader of a session of its own. The keeper shares this memory.
static struct {
  _Atomic uint32_t used;
  _Atomic pid_t leaders[1 << 16];
} *children;
enum { reserved = -1 };

static bool is_led(pid_t session, pid_t only) {
  if (only != 0) return session == only;
  for (uint32_t n = 0; n < children->used; n++)
    if (children->leaders[n] == session) return true;
  return false;
}

// Reads the state, the process group and the session of a process. False: it is gone.
static bool look(int proc, const char *pid, char *state, pid_t *group, pid_t *session) {
  char path[64], text[512];
  size_t length = strlen(pid);
  memcpy(path, pid, length);
  memcpy(path + length, "/stat", sizeof "/stat");
  int file = openat(proc, path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  if (count <= 0) return false;
  text[count] = 0;
  // `pid (any name) state parent group session`
  char *end = strrchr(text, ')');
  if (!end || !end[1] || !end[2]) return false;
  *state = end[2];
  strtol(end + 3, &end, 10);
  *group = (pid_t)strtol(end, &end, 10);
  *session = (pid_t)strtol(end, &end, 10);
  return true;
}

// Signals each process of one session, or of all our children's: the leader's group at once, then those in other groups,
// as `timeout` and job control make them. SIGKILL goes to each by itself too; returns how many it found to live.
// Async-signal-safe.
static int signal_sessions(pid_t only, int number) {
  if (!children) return 0;
  for (uint32_t n = 0; n < children->used; n++) {
    pid_t leader = children->leaders[n];
    if (leader > 0 && (only == 0 || only == leader)) kill(-leader, number);
  }
  int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC), found = 0;
  if (proc < 0) return 0;
  char buffer[4096] __attribute__((aligned(8)));
  long count;
  while ((count = syscall(SYS_getdents64, proc, buffer, sizeof buffer)) > 0) {
    for (long n = 0; n < count;) {
      const struct dirent64 *entry = (const void *)(buffer + n);
      n += entry->d_reclen;
      char state;
      pid_t group, session;
      if (entry->d_name[0] < '1' || entry->d_name[0] > '9' || !look(proc, entry->d_name, &state, &group, &session))
        continue;
      if (state == 'Z' || state == 'X' || session <= 0 || !is_led(session, only)) continue;
      if (group == session && number != SIGKILL) continue;
      kill((pid_t)atoi(entry->d_name), number);
      found++;
    }
  }
  close(proc);
  return found;
}

void campaign_signal(pid_t child, int number) { signal_sessions(child, number); }

// Waits until the other end of the pipe is closed, which the kernel does however we end, and ends what we left.
// Signals are blocked.
static _Noreturn void keep(int lifeline) {
  // Out of reach of what is sent to our group or by our name.
  setsid();
  prctl(PR_SET_NAME, "step-keeper");
  if (lifeline > 0) close_range(0, (unsigned)lifeline - 1, 0);
  close_range((unsigned)lifeline + 1, ~0U, 0);
  if (chdir("/") != 0) _exit(1);
  char byte;
  while (read(lifeline, &byte, 1) < 0 && errno == EINTR) {}
  // What forks while we look is found next time.
  const struct timespec moment = {.tv_nsec = 5000000};
  for (int round = 0; round < 400 && signal_sessions(0, SIGKILL) > 0; round++) nanosleep(&moment, NULL);
  _exit(0);
}

// Makes the table of children and its keeper, once. Returns 0 or an errno.
static int start_keeper(void) {
  if (children) return 0;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return errno;
  void *shared = mmap(NULL, sizeof *children, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  int error = errno;
  pid_t keeper = -1;
  if (shared != MAP_FAILED) {
    children = shared;
    // It shall never hear a signal to our group, with our handlers.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    keeper = fork();
    error = errno;
    if (keeper == 0) keep(ends[0]);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
  }
  close(ends[0]);
  if (keeper > 0) return 0;
  close(ends[1]);
  if (children) munmap(children, sizeof *children);
  children = NULL;
  return error;
}

// A place in the table for a child to come, or -1 with errno.
static int reserve(void) {
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&lock);
  int error = start_keeper(), place = -1;
  if (error == 0) {
    const int most = sizeof children->leaders / sizeof children->leaders[0];
    for (place = 0; place < most && children->leaders[place] != 0;) place++;
    if (place < most) {
      children->leaders[place] = reserved;
      if (children->used <= (uint32_t)place) children->used = (uint32_t)place + 1;
    } else {
      place = -1;
      error = EAGAIN;
    }
  }
  pthread_mutex_unlock(&lock);
  errno = error;
  return place;
}

// In the new process, which shares our memory: only async-signal-safe calls. Returns the errno of what went wrong.
static int become(const char *const *argv, const char *const *environment, const char *directory,
                  const int descriptors[3], pid_t parent, int place) {
  // A terminal belongs to people: what would ask there is told that there is none, instead of being stopped.
  setsid();
  children->leaders[place] = getpid();
  // For when the keeper is killed together with us.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  struct sigaction standard;
  memset(&standard, 0, sizeof standard);
  standard.sa_handler = SIG_DFL;
  // Those that we handle or ignore; what our parent wants to be ignored, programs ignore too.
  const int ours[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ, SIGTSTP};
  for (size_t n = 0; n < sizeof ours / sizeof *ours; n++) sigaction(ours[n], &standard, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  if (chdir(directory) != 0) return errno;
  for (int n = 0; n < 3; n++)
    if (dup2(descriptors[n], n) < 0) return errno;
  // Also the lifeline: the keeper looks at the table only when all that began here have come this far.
  close_range(3, ~0U, 0);
  // This reads PATH from our environment; that is what is wanted.
  execvpe(argv[0], (char *const *)argv, (char *const *)environment);
  return errno;
}

// posix_spawn has no parent-death signal, so this is vfork and exec by hand, all signals blocked meanwhile.
// vfork shares memory, so the cost does not grow with ours.
pid_t campaign_spawn(const char *const *argv, const char *const *environment, const char *directory,
                     int standard_input, int standard_output, int standard_error) {
  const int descriptors[3] = {standard_input, standard_output, standard_error};
  int place = reserve();
  if (place < 0) return -errno;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  volatile int failure = 0;
  pid_t parent = getpid();
  pid_t pid = vfork();
  if (pid == 0) {
    failure = become(argv, environment, directory, descriptors, parent, place);
    _exit(127);
  }
  int error = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (pid > 0 && failure == 0) return pid;
  children->leaders[place] = 0;
  if (pid < 0) return -error;
  waitpid(pid, NULL, 0);
  return -failure;
}

int campaign_watch(pid_t child) { return (int)syscall(SYS_pidfd_open, child, 0); }

void campaign_await(pid_t child) {
  siginfo_t info;
  while (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {}
}

int campaign_wait(pid_t child) {
  campaign_await(child);
  // Before its number may be another's.
  for (uint32_t n = 0; children && n < children->used; n++)
    if (children->leaders[n] == child) children->leaders[n] = 0;
  int status;
  while (waitpid(child, &status, 0) < 0)
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

// Ctrl-Z reaches our group alone: our children rest while we do.
static void rest(int number) {
  int saved = errno;
  signal_sessions(0, SIGSTOP);
  struct sigaction standard, ours;
  memset(&standard, 0, sizeof standard);
  standard.sa_handler = SIG_DFL;
  sigaction(number, &standard, &ours);
  sigset_t one, before;
  sigemptyset(&one);
  sigaddset(&one, number);
  raise(number);
  pthread_sigmask(SIG_UNBLOCK, &one, &before);
  // Here we stand still until somebody says go on.
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  sigaction(number, &ours, NULL);
  signal_sessions(0, SIGCONT);
  errno = saved;
}

// What we were told to ignore, as by nohup, stays so.
static void handle(int number, void (*handler)(int)) {
  struct sigaction action;
  if (sigaction(number, NULL, &action) != 0 || action.sa_handler == SIG_IGN) return;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigaction(number, &action, NULL);
}

int campaign_signal_pipe(void) {
  if (signal_pipe[0] >= 0) return signal_pipe[0];
  if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) != 0) return -errno;
  handle(SIGINT, note_signal);
  handle(SIGTERM, note_signal);
  handle(SIGHUP, note_signal);
  handle(SIGTSTP, rest);
  signal(SIGPIPE, SIG_IGN);
  return signal_pipe[0];
}

int campaign_readable(int descriptor) {
  int count = 0;
  return ioctl(descriptor, FIONREAD, &count) == 0 ? count : 0;
}
