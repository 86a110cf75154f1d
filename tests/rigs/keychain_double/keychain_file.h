/* The keychain of the double: a directory that processes share. */
#pragma once
#include "double.h"

struct item {
  /* NUL-terminated. `build` is the build that created the item. Other builds may not read its data. */
  char *service, *account, *label, *comment, *build;
  uint8_t *data;
  CFIndex length;
};

struct items {
  struct item *list;
  CFIndex count;
};

/* `none`, `locked`, `read-only`, or `unlocked`, by the file `state`. */
const char *keychain_state(void);
void set_keychain_state(const char *state);
/* Reads the items, and locks out other processes until `close_items`. */
struct items open_items(void);
/* Writes the items back atomically if they have changed. */
void close_items(struct items items, bool have_changed);
void drop_item(struct items *items, CFIndex index);
