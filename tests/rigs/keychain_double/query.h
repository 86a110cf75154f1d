/* The dictionaries that SecItem… takes: keys, and the type of each value, by SecItem.h. */
#pragma once
#include "double.h"
#include "keychain_file.h"

enum part { PART_ATTRIBUTE, PART_DATA, PART_RETURN, PART_LIMIT, PART_CLASS };

struct query {
  bool is_valid, has_class, wants_data, wants_attributes, wants_all;
  /* NULL if the dictionary has no such key. As a condition, NULL matches anything. */
  char *service, *account, *label, *comment;
  uint8_t *data;
  CFIndex length;
};

/* Reads a dictionary. `allowed` is a mask of parts; other keys are reported. */
struct query read_query(CFTypeRef dictionary, int allowed, const char *function);
void free_query(struct query *query);
bool matches(const struct query *query, const struct item *item);

extern CFTypeRef kSecAttrService, kSecAttrAccount, kSecAttrLabel, kSecAttrComment, kSecValueData, kSecClass,
    kSecClassGenericPassword;
