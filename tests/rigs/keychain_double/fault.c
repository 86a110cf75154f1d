#define _GNU_SOURCE
#include "fault.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
  char name[64];
  int calls;
} called[32];

static int count_call(const char *function) {
  int i = 0;
  while (called[i].name[0] != 0 && strcmp(called[i].name, function) != 0) i++;
  strcpy(called[i].name, function);
  return ++called[i].calls;
}

/* The setting of a variable for this call: by name and number, by name, or for all items. */
static long setting_for(const char *variable, const char *function, int call) {
  const char *text = getenv(variable);
  char names[3][80];
  snprintf(names[0], sizeof names[0], "%s@%d=", function, call);
  snprintf(names[1], sizeof names[1], "%s=", function);
  snprintf(names[2], sizeof names[2], "SecItem*=");
  for (int i = 0; text != NULL && i < (strncmp(function, "SecItem", 7) == 0 ? 3 : 2); i++) {
    const char *found = strstr(text, names[i]);
    if (found != NULL) return strtol(found + strlen(names[i]), NULL, 10);
  }
  return 0;
}

OSStatus begin_call(const char *function) {
  pthread_mutex_lock(&turn);
  int call = count_call(function);
  calls_under_way++;
  pthread_mutex_unlock(&turn);
  usleep(1000 * setting_for("FOB_DOUBLE_DELAY", function, call));
  pthread_mutex_lock(&turn);
  return setting_for("FOB_DOUBLE_STATUS", function, call);
}

OSStatus end_call(const char *function, OSStatus status) {
  static int items_called;
  const char *last = getenv("FOB_DOUBLE_KILL");
  bool is_item = strncmp(function, "SecItem", 7) == 0;
  if (is_item && ++items_called == (last == NULL ? 0 : atoi(last))) kill(getpid(), SIGKILL);
  calls_under_way--;
  pthread_mutex_unlock(&turn);
  return status;
}
