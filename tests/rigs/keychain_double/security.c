/* The Security part of the double: generic passwords in a file-based keychain, SecItem.h and SecKeychain.h. */
#define _GNU_SOURCE
#include "fault.h"
#include "query.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* SecBase.h */
enum {
  errSecParam = -50,
  errSecUserCanceled = -128,
  errSecReadOnly = -25292,
  errSecAuthFailed = -25293,
  errSecDuplicateItem = -25299,
  errSecItemNotFound = -25300,
  errSecNoDefaultKeychain = -25307,
  errSecInteractionNotAllowed = -25308,
};

enum { ALL_PARTS_OF_A_QUERY = 1 << PART_CLASS | 1 << PART_ATTRIBUTE | 1 << PART_LIMIT };

static bool may_interact = true;

static bool is(const char *state) { return strcmp(keychain_state(), state) == 0; }

/* Shows a dialog. FOB_DOUBLE_PERSON is the response of the user. Without it, a dialog is an error. */
static OSStatus ask_person(OSStatus unasked) {
  const char *person = getenv("FOB_DOUBLE_PERSON");
  if (!may_interact) return unasked;
  if (person == NULL) report("a dialog was shown without FOB_DOUBLE_PERSON");
  else if (strcmp(person, "allows") == 0) return 0;
  else if (strcmp(person, "denies") == 0) return errSecAuthFailed;
  else if (strcmp(person, "is away") == 0) {
    pthread_mutex_unlock(&turn);
    pause();
  }
  return errSecUserCanceled;
}

static OSStatus open_keychain(bool to_write) {
  if (is("none")) return errSecNoDefaultKeychain;
  if (is("read-only") && to_write) return errSecReadOnly;
  if (!is("locked")) return 0;
  OSStatus status = ask_person(errSecInteractionNotAllowed);
  if (status == 0) set_keychain_state("unlocked");
  return status;
}

static const char *this_build(void) {
  const char *build = getenv("FOB_DOUBLE_BUILD");
  return build == NULL ? "first" : build;
}

/* An item trusts the build that created it. For other builds, the suppressed dialog counts as denied. */
static OSStatus use_data(const struct item *item, bool to_write) {
  OSStatus status = open_keychain(to_write);
  return status != 0 || strcmp(item->build, this_build()) == 0 ? status : ask_person(errSecAuthFailed);
}

static CFIndex find_item(const struct items *items, const struct query *query, CFIndex from) {
  while (from < items->count && !matches(query, &items->list[from])) from++;
  return is("none") ? items->count : from;
}

static char *copy_text(const char *text) { return strdup(text == NULL ? "" : text); }

static OSStatus add(const struct query *query) {
  if (!query->is_valid) return errSecParam;
  if (query->service == NULL || query->account == NULL || query->data == NULL) {
    report("SecItemAdd: an item without service, account or data");
    return errSecParam;
  }
  OSStatus status = open_keychain(true);
  if (status != 0) return status;
  struct items items = open_items();
  struct query key = {.service = query->service, .account = query->account};
  bool is_new = find_item(&items, &key, 0) == items.count;
  if (is_new) {
    items.list = realloc(items.list, (items.count + 1) * sizeof(struct item));
    struct item *item = &items.list[items.count++];
    *item = (struct item){copy_text(query->service), copy_text(query->account), copy_text(query->label),
                          copy_text(query->comment), copy_text(this_build()), malloc(query->length + 1),
                          query->length};
    memcpy(item->data, query->data, query->length);
  }
  close_items(items, is_new);
  return is_new ? 0 : errSecDuplicateItem;
}

SHOWN OSStatus SecItemAdd(CFTypeRef attributes, CFTypeRef *result) {
  OSStatus status = begin_call("SecItemAdd");
  int allowed = 1 << PART_CLASS | 1 << PART_ATTRIBUTE | 1 << PART_DATA;
  struct query query = read_query(attributes, allowed, "SecItemAdd");
  if (result != NULL) report("SecItemAdd: a result pointer, but no key that requests a result");
  if (status == 0) status = add(&query);
  free_query(&query);
  return end_call("SecItemAdd", status);
}

static void put_owned(struct object *container, CFTypeRef key, CFTypeRef value) {
  put(container, key, value);
  CFRelease(value);
}

static CFTypeRef attributes_of(const struct item *item) {
  struct object *dictionary = make(DICTIONARY);
  put(dictionary, kSecClass, kSecClassGenericPassword);
  put_owned(dictionary, kSecAttrService, make_bytes(STRING, item->service, strlen(item->service)));
  put_owned(dictionary, kSecAttrAccount, make_bytes(STRING, item->account, strlen(item->account)));
  put_owned(dictionary, kSecAttrLabel, make_bytes(STRING, item->label, strlen(item->label)));
  if (item->comment[0] != 0) {
    put_owned(dictionary, kSecAttrComment, make_bytes(STRING, item->comment, strlen(item->comment)));
  }
  return dictionary->ref;
}

static OSStatus copy_matching(const struct query *query, CFTypeRef *result) {
  if (!query->is_valid) return errSecParam;
  if (query->wants_data && (query->wants_all || query->wants_attributes)) {
    report("SecItemCopyMatching: data with kSecMatchLimitAll or attributes, which is -50 for passwords");
    return errSecParam;
  }
  struct items items = open_items();
  struct object *array = query->wants_all ? make(ARRAY) : NULL;
  OSStatus status = errSecItemNotFound;
  for (CFIndex i = 0; (i = find_item(&items, query, i)) < items.count; i++) {
    struct item *item = &items.list[i];
    status = query->wants_data ? use_data(item, false) : 0;
    if (array != NULL) put_owned(array, NULL, attributes_of(item));
    if (array != NULL) continue;
    if (status == 0 && query->wants_data) *result = make_bytes(DATA, item->data, item->length);
    if (status == 0 && query->wants_attributes) *result = attributes_of(item);
    break;
  }
  close_items(items, false);
  if (array != NULL && status == 0) *result = array->ref;
  else if (array != NULL) CFRelease(array->ref);
  return status;
}

SHOWN OSStatus SecItemCopyMatching(CFTypeRef dictionary, CFTypeRef *result) {
  OSStatus status = begin_call("SecItemCopyMatching");
  int allowed = ALL_PARTS_OF_A_QUERY | 1 << PART_RETURN;
  struct query query = read_query(dictionary, allowed, "SecItemCopyMatching");
  if (query.is_valid && query.wants_data == query.wants_attributes) {
    report("SecItemCopyMatching: needs either data or attributes");
  }
  if (result == NULL) report("SecItemCopyMatching: no result pointer");
  if (status == 0) status = copy_matching(&query, result);
  free_query(&query);
  return end_call("SecItemCopyMatching", status);
}

static void change(char **text, const char *wanted) {
  if (wanted == NULL) return;
  free(*text);
  *text = copy_text(wanted);
}

static OSStatus update(const struct query *query, const struct query *changes) {
  if (!query->is_valid || !changes->is_valid) return errSecParam;
  if (changes->service != NULL || changes->account != NULL) report("SecItemUpdate: of a primary key");
  struct items items = open_items();
  OSStatus status = errSecItemNotFound;
  for (CFIndex i = 0; (i = find_item(&items, query, i)) < items.count; i++) {
    struct item *item = &items.list[i];
    status = use_data(item, true);
    if (status != 0) break;
    change(&item->label, changes->label);
    change(&item->comment, changes->comment);
    if (changes->data != NULL) {
      item->data = realloc(item->data, changes->length + 1);
      memcpy(item->data, changes->data, item->length = changes->length);
    }
    if (!query->wants_all) break;
  }
  close_items(items, status == 0);
  return status;
}

SHOWN OSStatus SecItemUpdate(CFTypeRef dictionary, CFTypeRef attributes) {
  OSStatus status = begin_call("SecItemUpdate");
  struct query query = read_query(dictionary, ALL_PARTS_OF_A_QUERY, "SecItemUpdate, query");
  struct query changes = read_query(attributes, 1 << PART_ATTRIBUTE | 1 << PART_DATA, "SecItemUpdate");
  if (status == 0) status = update(&query, &changes);
  free_query(&query);
  free_query(&changes);
  return end_call("SecItemUpdate", status);
}

static OSStatus delete(const struct query *query) {
  if (!query->is_valid) return errSecParam;
  struct items items = open_items();
  OSStatus status = errSecItemNotFound;
  for (CFIndex i = 0; (i = find_item(&items, query, i)) < items.count;) {
    status = open_keychain(true);
    if (status != 0) break;
    drop_item(&items, i);
    if (!query->wants_all) break;
  }
  close_items(items, status == 0);
  return status;
}

SHOWN OSStatus SecItemDelete(CFTypeRef dictionary) {
  OSStatus status = begin_call("SecItemDelete");
  struct query query = read_query(dictionary, ALL_PARTS_OF_A_QUERY, "SecItemDelete");
  if (status == 0) status = delete(&query);
  free_query(&query);
  return end_call("SecItemDelete", status);
}

SHOWN CFTypeRef SecCopyErrorMessageString(OSStatus status, void *reserved) {
  char text[80];
  pthread_mutex_lock(&turn);
  if (reserved != NULL) report("SecCopyErrorMessageString: reserved is not NULL");
  snprintf(text, sizeof text, "what macOS says of %d \xe2\x80\x93 translated", status);
  CFTypeRef string = status == errSecParam ? NULL : make_bytes(STRING, text, strlen(text));
  pthread_mutex_unlock(&turn);
  return string;
}

/* Deprecated: a later macOS may not have these functions. */
#ifndef WITHOUT_DEPRECATED

SHOWN OSStatus SecKeychainSetUserInteractionAllowed(Boolean state) {
  static int calls;
  OSStatus status = begin_call("SecKeychainSetUserInteractionAllowed");
  if (calls++ > 0 && (state != 0) != may_interact) report("user interaction was switched more than once");
  if (status == 0) may_interact = state != 0;
  return end_call("SecKeychainSetUserInteractionAllowed", status);
}

SHOWN OSStatus SecKeychainCopyDefault(CFTypeRef *keychain) {
  OSStatus status = begin_call("SecKeychainCopyDefault");
  if (status == 0 && is("none")) status = errSecNoDefaultKeychain;
  if (status == 0) *keychain = make(KEYCHAIN)->ref;
  return end_call("SecKeychainCopyDefault", status);
}

SHOWN OSStatus SecKeychainGetStatus(CFTypeRef keychain, uint32_t *state) {
  OSStatus status = begin_call("SecKeychainGetStatus");
  if (keychain != NULL) expect(keychain, KEYCHAIN, "SecKeychainGetStatus");
  if (status == 0 && is("none")) status = errSecNoDefaultKeychain;
  /* kSecUnlockStateStatus 1 and kSecWritePermStatus 4 go together, kSecReadPermStatus 2 is always set. */
  if (status == 0) *state = is("locked") ? 2 : 7;
  return end_call("SecKeychainGetStatus", status);
}

SHOWN OSStatus SessionGetInfo(uint32_t session, uint32_t *id, uint32_t *attributes) {
  OSStatus status = begin_call("SessionGetInfo");
  if (session != 0xffffffff) report("SessionGetInfo: not the caller's session");
  const char *kind = getenv("FOB_DOUBLE_SESSION");
  *id = 100;
  /* sessionHasGraphicAccess 0x10, sessionHasTTY 0x20, sessionIsRemote 0x1000 */
  *attributes = kind != NULL && strcmp(kind, "remote") == 0 ? 0x1020 : 0x30;
  return end_call("SessionGetInfo", status);
}

#endif
