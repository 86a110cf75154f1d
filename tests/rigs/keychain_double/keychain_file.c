/* FOB_DOUBLE_KEYCHAIN names a directory. Its file `items` has one line per item with six hexadecimal fields. */
#define _GNU_SOURCE
#include "keychain_file.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static int lock = -1;

static char *path_of(const char *name) {
  static char path[4096];
  const char *directory = getenv("FOB_DOUBLE_KEYCHAIN");
  snprintf(path, sizeof path, "%s/%s", directory == NULL ? "/nonexistent" : directory, name);
  return path;
}

const char *keychain_state(void) {
  static char state[32];
  FILE *file = fopen(path_of("state"), "r");
  if (file == NULL || fscanf(file, "%31s", state) != 1) strcpy(state, "unlocked");
  if (file != NULL) fclose(file);
  return state;
}

void set_keychain_state(const char *state) {
  FILE *file = fopen(path_of("state"), "w");
  fputs(state, file);
  fclose(file);
}

static uint8_t *from_hex(const char *text, CFIndex *length) {
  *length = strlen(text + 1) / 2;
  uint8_t *bytes = calloc(1, *length + 1);
  for (CFIndex i = 0; i < *length; i++) sscanf(text + 1 + 2 * i, "%2hhx", &bytes[i]);
  return bytes;
}

static void write_hex(FILE *file, const void *bytes, CFIndex length, char end) {
  fputc('x', file);
  for (CFIndex i = 0; i < length; i++) fprintf(file, "%02x", ((const uint8_t *)bytes)[i]);
  fputc(end, file);
}

struct items open_items(void) {
  struct items items = {0};
  lock = open(path_of("lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0 || flock(lock, LOCK_EX) != 0) abort();
  FILE *file = fopen(path_of("items"), "r");
  char *line = NULL;
  size_t size = 0;
  while (file != NULL && getline(&line, &size, file) > 0) {
    struct item item;
    uint8_t **fields[] = {(uint8_t **)&item.service, (uint8_t **)&item.account, (uint8_t **)&item.label,
                          (uint8_t **)&item.comment, (uint8_t **)&item.build, &item.data};
    char *rest = line, *field;
    for (int i = 0; i < 6 && (field = strsep(&rest, " \n")) != NULL; i++) {
      *fields[i] = from_hex(field, &item.length);
    }
    items.list = realloc(items.list, (items.count + 1) * sizeof item);
    items.list[items.count++] = item;
  }
  free(line);
  if (file != NULL) fclose(file);
  return items;
}

static void free_item(struct item *item) {
  free(item->service), free(item->account), free(item->label);
  free(item->comment), free(item->build), free(item->data);
}

void close_items(struct items items, bool have_changed) {
  char *temporary = strdup(path_of("items.new"));
  FILE *file = have_changed ? fopen(temporary, "w") : NULL;
  for (CFIndex i = 0; i < items.count; i++) {
    struct item *item = &items.list[i];
    const char *texts[] = {item->service, item->account, item->label, item->comment, item->build};
    for (int k = 0; file != NULL && k < 5; k++) write_hex(file, texts[k], strlen(texts[k]), ' ');
    if (file != NULL) write_hex(file, item->data, item->length, '\n');
    free_item(item);
  }
  if (file != NULL && (fclose(file) != 0 || rename(temporary, path_of("items")) != 0)) abort();
  free(temporary);
  free(items.list);
  close(lock);
}

void drop_item(struct items *items, CFIndex index) {
  free_item(&items->list[index]);
  memmove(&items->list[index], &items->list[index + 1], (--items->count - index) * sizeof(struct item));
}
