/**
 * A thread that waits on a condition waits, for the kernel, on a word inside of it, whose address
 * /proc/self/task/<id>/syscall tells (proc_pid_syscall(5)). Where in a condition that word is
 * differs from one glibc to the next (nptl, pthread_cond_t): a thread of our own shows it.
 */
#define _GNU_SOURCE
#include "worker-conditions.h"
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CONDITIONS_MAX = 64, THREADS_MAX = 4096 };

/* Bytes from the start of a pthread_cond_t to the words its waiters wait on: it differs by glibc. */
static long wait_offset = -1;
static pthread_cond_t *conditions[CONDITIONS_MAX];
static int condition_count;

/* The address that a thread waits on with futex; 0 when it does something else. */
static uintptr_t futex_of(const char *thread) {
  char path[64], text[256];
  snprintf(path, sizeof path, "/proc/self/task/%s/syscall", thread);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  if (length <= 0) return 0;
  text[length] = 0;
  long number = 0;
  unsigned long address = 0;
  if (sscanf(text, "%ld 0x%lx", &number, &address) != 2 || number != SYS_futex) return 0;
  return address;
}

struct probe {
  pthread_mutex_t mutex;
  pthread_cond_t condition;
  volatile pid_t thread;
  volatile bool is_over;
};

static void *wait_for_probe(void *data) {
  struct probe *probe = data;
  pthread_mutex_lock(&probe->mutex);
  probe->thread = (pid_t)syscall(SYS_gettid);
  while (!probe->is_over) pthread_cond_wait(&probe->condition, &probe->mutex);
  pthread_mutex_unlock(&probe->mutex);
  return NULL;
}

/* Learns the layout of this C library's conditions from a thread that waits on one. */
bool learn_condition_layout(void) {
  enum { TRIES = 200, PAUSE_US = 100 };
  struct probe probe = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, false};
  pthread_t waiter;
  if (pthread_create(&waiter, NULL, wait_for_probe, &probe) != 0) return false;
  for (int i = 0; i < TRIES && wait_offset < 0; i++) {
    usleep(PAUSE_US);
    char thread[16];
    snprintf(thread, sizeof thread, "%d", (int)probe.thread);
    uintptr_t at = probe.thread ? futex_of(thread) : 0;
    uintptr_t start = (uintptr_t)&probe.condition;
    if (at >= start && at < start + sizeof probe.condition) wait_offset = ((at - start) & ~7L);
  }
  pthread_mutex_lock(&probe.mutex);
  probe.is_over = true;
  pthread_cond_broadcast(&probe.condition);
  pthread_mutex_unlock(&probe.mutex);
  pthread_join(waiter, NULL);
  return wait_offset >= 0;
}

/* Threads that wait, as the condition itself counts them: the word before those waited on. */
static uint32_t count_waiters(int memory, uintptr_t words) {
  uint32_t references = 0;
  if (pread(memory, &references, sizeof references, words - sizeof references) < 0) return 0;
  return references >> 3;
}

static void remember_condition(uintptr_t start) {
  pthread_cond_t *condition = (pthread_cond_t *)start;
  for (int i = 0; i < condition_count; i++) {
    if (conditions[i] == condition) return;
  }
  if (condition_count < CONDITIONS_MAX) conditions[condition_count++] = condition;
}

/* Remembers the conditions that threads wait on now; threads at work are seen the next time. */
int find_conditions(void) {
  DIR *threads = opendir("/proc/self/task");
  int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  for (struct dirent *each; threads && memory >= 0 && (each = readdir(threads));) {
    uintptr_t words = each->d_name[0] == '.' ? 0 : futex_of(each->d_name) & ~(uintptr_t)7;
    if (words == 0) continue;
    /* What is no condition, a semaphore say, has no such count beside it. */
    uint32_t waiters = count_waiters(memory, words);
    if (waiters > 0 && waiters < THREADS_MAX) remember_condition(words - wait_offset);
  }
  if (memory >= 0) close(memory);
  if (threads) closedir(threads);
  return condition_count;
}

void renew_conditions(void) {
  for (int i = 0; i < condition_count; i++) pthread_cond_init(conditions[i], NULL);
}
