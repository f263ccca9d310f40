/**
 * A copy of this process, made by fork: it holds the heap of that very moment, and whatever is
 * asked of it costs the service nothing more. Node itself cannot fork.
 *
 * What stands in the way of a copy of Node, and what is done about it:
 *
 * - V8 marks its heap as not to be copied (madvise, MADV_DONTFORK), so that starting a child
 *   process is cheap: the mark is taken off. It is not put back, which costs later forks the
 *   copying of page tables, about a millisecond for a hundred megabytes.
 * - Only the thread that forks lives on. Collecting garbage, V8 wakes worker threads that are not
 *   there any more, and glibc's pthread_cond_signal waits for them for ever: in the copy the
 *   conditions that threads were waiting on are made anew, as POSIX has it for mutexes after a
 *   fork. Where they are, the kernel tells: /proc/self/task/<id>/syscall.
 * - A copy holds the service's sockets, files and locks: it lets go of all of them before a line
 *   of JavaScript runs in it. They become /dev/null, because libuv aborts where a descriptor of
 *   its own is gone.
 * - Ids of heap objects are given as they are first asked for, which a copy would do on its own:
 *   V8 is told to give them here, by its public API (v8-profiler.h). Everything of V8 is looked
 *   up by its exported name; where a Node has it not, there are no copies.
 *
 * Everything here belongs to the main thread.
 */
#define _GNU_SOURCE
#define NAPI_VERSION 8
#include "worker-conditions.h"
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <node_api.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- V8 ---- */

static void *(*current_isolate)(void);
static void *(*heap_profiler_of)(void *isolate);
static void (*start_tracking)(void *profiler, bool allocations);
static void (*clear_object_ids)(void *profiler);

static bool find_v8(void) {
  *(void **)&current_isolate = dlsym(RTLD_DEFAULT, "_ZN2v87Isolate10GetCurrentEv");
  *(void **)&heap_profiler_of = dlsym(RTLD_DEFAULT, "_ZN2v87Isolate15GetHeapProfilerEv");
  *(void **)&start_tracking =
      dlsym(RTLD_DEFAULT, "_ZN2v812HeapProfiler24StartTrackingHeapObjectsEb");
  *(void **)&clear_object_ids = dlsym(RTLD_DEFAULT, "_ZN2v812HeapProfiler14ClearObjectIdsEv");
  return current_isolate && heap_profiler_of && start_tracking && clear_object_ids;
}

/* ---- The copy ---- */

/* Takes V8's mark off all memory, in one go between mappings that refuse it (of devices and of the kernel). */
static void make_copyable(void) {
  FILE *maps = fopen("/proc/self/maps", "re");
  if (!maps) return;
  char line[512];
  uintptr_t from = 0x10000, starts[64], ends[64];
  int count = 0;
  while (fgets(line, sizeof line, maps)) {
    unsigned long start, end;
    bool refuses = strstr(line, " /dev/") || strstr(line, " [v") || strstr(line, " anon_inode:");
    if (!refuses || sscanf(line, "%lx-%lx", &start, &end) != 2) continue;
    if (start > from && count < 64) starts[count] = from, ends[count++] = start;
    from = end;
  }
  fclose(maps);
  for (int i = 0; i < count; i++) {
    madvise((void *)starts[i], ends[i] - starts[i], MADV_DOFORK);
  }
}

/* Lets go of everything that is the service's, but for the descriptors that are kept. */
static void let_go_of_files(const int *kept, int kept_count) {
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  DIR *files = opendir("/proc/self/fd");
  for (struct dirent *each; files && (each = readdir(files));) {
    if (each->d_name[0] == '.') continue;
    int file = atoi(each->d_name);
    bool is_kept = file == null || file == dirfd(files);
    for (int i = 0; i < kept_count; i++) is_kept = is_kept || file == kept[i];
    if (!is_kept) dup3(null, file, O_CLOEXEC);
  }
  if (files) closedir(files);
}

/* The copy dies with its parent and before it, runs when nobody else wants to, and leaves no core. */
static void become_harmless(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
  setpriority(PRIO_PROCESS, 0, 5);
  int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  /* Where it may not, it is as likely to be ended as its parent. */
  if (file >= 0 && write(file, "1000", 4) > 0) close(file);
  prctl(PR_SET_NAME, "watertight-copy");
}

static pid_t copy_process(const int *kept, int kept_count) {
  find_conditions();
  make_copyable();
  pid_t parent = getpid(), pid = fork();
  if (pid != 0) return pid;
  renew_conditions();
  let_go_of_files(kept, kept_count);
  become_harmless(parent);
  return 0;
}

/* ---- As JavaScript calls it ---- */

static napi_value number(napi_env env, int64_t value) {
  napi_value result;
  return napi_create_int64(env, value, &result) == napi_ok ? result : NULL;
}

static int read_integers(napi_env env, napi_callback_info info, int *values, size_t most) {
  napi_value given[8];
  size_t count = most < 8 ? most : 8;
  if (napi_get_cb_info(env, info, &count, given, NULL, NULL) != napi_ok) return 0;
  int read = 0;
  for (size_t i = 0; i < count && i < most; i++) {
    int32_t value;
    if (napi_get_value_int32(env, given[i], &value) == napi_ok) values[read++] = value;
  }
  return read;
}

/* findConditions(): how many conditions are known. */
static napi_value js_find_conditions(napi_env env, napi_callback_info info) {
  (void)info;
  return number(env, find_conditions());
}

/* nameObjects(): gives every object of the heap an id that lasts as long as it lives. */
static napi_value js_name_objects(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
  start_tracking(heap_profiler_of(current_isolate()), false);
  return NULL;
}

/* forgetObjects(): forgets those ids. */
static napi_value js_forget_objects(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
  clear_object_ids(heap_profiler_of(current_isolate()));
  return NULL;
}

/* openChannels(): [snapshot to read, snapshot to write, this end, the copy's end]; undefined without. */
static napi_value js_open_channels(napi_env env, napi_callback_info info) {
  (void)info;
  int ends[4];
  if (pipe2(ends, O_CLOEXEC) != 0) return NULL;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends + 2) != 0) {
    close(ends[0]);
    close(ends[1]);
    return NULL;
  }
  napi_value result;
  if (napi_create_array_with_length(env, 4, &result) != napi_ok) return NULL;
  for (uint32_t i = 0; i < 4; i++) napi_set_element(env, result, i, number(env, ends[i]));
  return result;
}

/* copy(...kept descriptors): the copy's process id; 0 in the copy, -1 when there is none. */
static napi_value js_copy(napi_env env, napi_callback_info info) {
  int kept[8];
  int count = read_integers(env, info, kept, 8);
  return number(env, copy_process(kept, count));
}

/* end(): ends the copy, and nothing that a process does when it ends is done. */
static napi_value js_end(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
  _exit(0);
}

/* reap(process id): 0 while it lives, 1 once it has ended. */
static napi_value js_reap(napi_env env, napi_callback_info info) {
  int pid = 0;
  bool is_one = read_integers(env, info, &pid, 1) == 1 && pid > 0;
  return number(env, is_one && waitpid(pid, NULL, WNOHANG) == 0 ? 0 : 1);
}

NAPI_MODULE_INIT() {
  if (!find_v8() || !learn_condition_layout()) {
    napi_throw_error(env, "WT_AGENT_COPY", "this Node or this C library is not known");
    return NULL;
  }
  const struct {
    const char *name;
    napi_callback call;
  } functions[] = {
      {"findConditions", js_find_conditions}, {"nameObjects", js_name_objects},
      {"forgetObjects", js_forget_objects},   {"openChannels", js_open_channels},
      {"copy", js_copy},                      {"end", js_end},
      {"reap", js_reap},
  };
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    napi_value function;
    napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].call, NULL,
                         &function);
    napi_set_named_property(env, exports, functions[i].name, function);
  }
  return exports;
}
