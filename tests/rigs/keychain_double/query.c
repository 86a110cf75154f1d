#define _GNU_SOURCE
#include "query.h"
#include <stdlib.h>
#include <string.h>

/* In Security these are variables that hold a reference to a string. */
#define CONSTANTS(each)                                                                              \
  each(kSecClass, "class") each(kSecClassGenericPassword, "genp") each(kSecAttrService, "svce")      \
  each(kSecAttrAccount, "acct") each(kSecAttrLabel, "labl") each(kSecAttrComment, "icmt")            \
  each(kSecValueData, "v_Data") each(kSecReturnData, "r_Data") each(kSecMatchLimit, "m_Limit")       \
  each(kSecReturnAttributes, "r_Attributes") each(kSecMatchLimitOne, "m_LimitOne")                   \
  each(kSecMatchLimitAll, "m_LimitAll")
#define DECLARE(name, text) SHOWN CFTypeRef name;
#define MAKE(name, text) name = make_constant(text);

CONSTANTS(DECLARE)

__attribute__((constructor)) static void begin(void) { CONSTANTS(MAKE) }

extern CFTypeRef kCFBooleanTrue, kCFBooleanFalse;

/* The part of a string that a keychain stores: up to its first NUL. */
static char *text_of(CFTypeRef ref, const char *function) {
  struct object *string = expect(ref, STRING, function);
  return strdup(string == NULL ? "" : (const char *)string->bytes);
}

static bool truth_of(CFTypeRef ref, const char *function) {
  struct object *boolean = expect(ref, BOOLEAN, function);
  return boolean != NULL && boolean->bytes[0] != 0;
}

static void read_data(struct query *query, CFTypeRef ref, const char *function) {
  struct object *data = expect(ref, DATA, function);
  if (data == NULL) return;
  query->length = data->length;
  query->data = calloc(1, data->length + 1);
  memcpy(query->data, data->bytes, data->length);
}

/* Copies one entry to the query and returns its part; -1 for an unknown key. */
static int read_entry(struct query *query, CFTypeRef key, CFTypeRef value, const char *function) {
  char **text = key == kSecAttrService ? &query->service : key == kSecAttrAccount ? &query->account
                : key == kSecAttrLabel ? &query->label : key == kSecAttrComment ? &query->comment : NULL;
  if (text != NULL) return *text = text_of(value, function), PART_ATTRIBUTE;
  if (key == kSecValueData) return read_data(query, value, function), PART_DATA;
  if (key == kSecReturnData) return query->wants_data = truth_of(value, function), PART_RETURN;
  if (key == kSecReturnAttributes) return query->wants_attributes = truth_of(value, function), PART_RETURN;
  if (key == kSecMatchLimit && (value == kSecMatchLimitOne || value == kSecMatchLimitAll)) {
    return query->wants_all = value == kSecMatchLimitAll, PART_LIMIT;
  }
  if (key == kSecClass && value == kSecClassGenericPassword) return query->has_class = true, PART_CLASS;
  return -1;
}

struct query read_query(CFTypeRef ref, int allowed, const char *function) {
  struct query query = {.is_valid = true};
  struct object *dictionary = expect(ref, DICTIONARY, function);
  for (CFIndex i = 0; dictionary != NULL && i < dictionary->length; i++) {
    struct entry entry = dictionary->entries[i];
    struct object *key = expect(entry.key, STRING, function);
    if (key == NULL || look_at(entry.value, function) == NULL) continue;
    int part = read_entry(&query, entry.key, entry.value, function);
    if (part >= 0 && (allowed & 1 << part) != 0) continue;
    report("%s: %s is not allowed here, or not with this value", function, key->bytes);
    query.is_valid = false;
  }
  bool is_empty = (query.service != NULL && query.service[0] == 0) ||
                  (query.account != NULL && query.account[0] == 0);
  if (is_empty) report("%s: an empty service or account, which matches anything", function);
  if ((allowed & 1 << PART_CLASS) != 0 && !query.has_class) report("%s: no kSecClass", function);
  query.is_valid = query.is_valid && dictionary != NULL && query.has_class == ((allowed >> PART_CLASS) & 1);
  return query;
}

void free_query(struct query *query) {
  free(query->service), free(query->account), free(query->label), free(query->comment), free(query->data);
}

static bool agrees(const char *wanted, const char *there) {
  return wanted == NULL || strcmp(wanted, there) == 0;
}

bool matches(const struct query *query, const struct item *item) {
  return agrees(query->service, item->service) && agrees(query->account, item->account) &&
         agrees(query->label, item->label) && agrees(query->comment, item->comment);
}
