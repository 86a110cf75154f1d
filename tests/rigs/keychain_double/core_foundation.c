/* The CoreFoundation part of the double: strings, data, dictionaries and arrays with reference counts. */
#define _GNU_SOURCE
#include "double.h"
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

pthread_mutex_t turn = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
int calls_under_way;

static struct object **objects;
static long count;
static unsigned char type_base;

/* In CoreFoundation these are variables that hold a reference. */
SHOWN CFTypeRef kCFBooleanTrue, kCFBooleanFalse;

/* These are structures, passed by address. The first field is the version, which is 0. */
struct callbacks {
  CFIndex version;
  const void *functions[5];
};
SHOWN const struct callbacks kCFTypeDictionaryKeyCallBacks = {0, {&turn, &turn, &turn, &turn, &turn}};
SHOWN const struct callbacks kCFTypeDictionaryValueCallBacks = {0, {&turn, &turn, &turn, &turn, 0}};

void report(const char *format, ...) {
  const char *path = getenv("FOB_DOUBLE_REPORT");
  char line[512];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line, sizeof line - 1, format, arguments);
  va_end(arguments);
  if (length > (int)sizeof line - 2) length = sizeof line - 2;
  line[length++] = '\n';
  int file = path == NULL ? 2 : open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (write(file, line, length) != length) abort();
  if (path != NULL) close(file);
}

const char *name_of(const struct object *object) {
  static const char *const names[] = {"CFString", "CFData", "CFBoolean", "CFDictionary", "CFArray",
                                      "SecKeychain"};
  return names[object->kind];
}

/* Every second reference has its high and lowest bits set, like tagged pointers. Neither kind fits into 53 bits. */
static CFTypeRef reference_to(long index) {
  uintptr_t first = index % 2 == 0 ? 0x600000000000 : 0xa000000000000007;
  return (CFTypeRef)(first + index * 16);
}

static struct object *find(CFTypeRef ref) {
  uintptr_t address = (uintptr_t)ref;
  long index = (address & 0xfffffffffff) / 16;
  return index < count && objects[index]->ref == ref ? objects[index] : NULL;
}

struct object *make(enum kind kind) {
  if (count % 1024 == 0) objects = realloc(objects, (count + 1024) * sizeof *objects);
  struct object *object = calloc(1, sizeof *object);
  object->kind = kind;
  object->retains = 1;
  object->does_retain = true;
  object->ref = reference_to(count);
  return objects[count++] = object;
}

CFTypeRef make_bytes(enum kind kind, const void *bytes, CFIndex length) {
  struct object *object = make(kind);
  object->bytes = calloc(1, length + 1);
  if (length > 0) memcpy(object->bytes, bytes, length);
  object->length = length;
  return object->ref;
}

CFTypeRef make_constant(const char *text) {
  CFTypeRef ref = make_bytes(STRING, text, strlen(text));
  find(ref)->is_constant = true;
  return ref;
}

struct object *look_at(CFTypeRef ref, const char *function) {
  struct object *object = find(ref);
  if (ref == NULL) report("%s: NULL where an object is needed", function);
  else if (object == NULL) report("%s: %p is not a reference", function, ref);
  else if (object->retains <= 0) {
    report("%s: use of a released %s, %p", function, name_of(object), ref);
    return NULL;
  }
  return object;
}

struct object *expect(CFTypeRef ref, enum kind kind, const char *function) {
  struct object *object = look_at(ref, function);
  struct object wanted = {.kind = kind};
  if (object == NULL || object->kind == kind) return object;
  report("%s: wrong type: %s where %s is needed", function, name_of(object), name_of(&wanted));
  return NULL;
}

void put(struct object *container, CFTypeRef key, CFTypeRef value) {
  container->entries = realloc(container->entries, (container->length + 1) * sizeof(struct entry));
  container->entries[container->length++] = (struct entry){key, value};
  if (!container->does_retain) return;
  if (key != NULL) find(key)->retains++;
  find(value)->retains++;
}

static void release(CFTypeRef ref) {
  struct object *object = find(ref);
  if (object == NULL) return report("CFRelease: %p is not a reference", ref);
  if (--object->retains < (object->is_constant ? 1 : 0)) {
    return report("CFRelease: over-release of a %s, %p", name_of(object), ref);
  }
  if (object->retains > 0) return;
  if (object->bytes != NULL) memset(object->bytes, 0xdd, object->length);
  for (CFIndex i = 0; object->does_retain && i < object->length && object->entries != NULL; i++) {
    if (object->entries[i].key != NULL) release(object->entries[i].key);
    release(object->entries[i].value);
  }
}

SHOWN void CFRelease(CFTypeRef ref) {
  pthread_mutex_lock(&turn);
  if (ref == NULL) report("CFRelease: NULL, which ends the process on macOS");
  else release(ref);
  pthread_mutex_unlock(&turn);
}

SHOWN unsigned long CFGetTypeID(CFTypeRef ref) {
  struct object *object = look_at(ref, "CFGetTypeID");
  return object == NULL ? 0 : (unsigned long)type_base + object->kind;
}
SHOWN unsigned long CFStringGetTypeID(void) { return (unsigned long)type_base + STRING; }
SHOWN unsigned long CFDataGetTypeID(void) { return (unsigned long)type_base + DATA; }
SHOWN unsigned long CFDictionaryGetTypeID(void) { return (unsigned long)type_base + DICTIONARY; }
SHOWN unsigned long CFArrayGetTypeID(void) { return (unsigned long)type_base + ARRAY; }

/* The number of UTF-16 units of a UTF-8 string; -1 if it is invalid. */
static CFIndex units_of(const uint8_t *bytes, CFIndex length) {
  CFIndex units = 0;
  for (CFIndex i = 0; i < length; units++) {
    int more = bytes[i] < 0x80 ? 0 : bytes[i] < 0xc2 ? -1 : bytes[i] < 0xe0 ? 1 : bytes[i] < 0xf0 ? 2
               : bytes[i] < 0xf5 ? 3 : -1;
    if (more < 0 || i + more >= length) return -1;
    for (int k = 1; k <= more; k++) if ((bytes[i + k] & 0xc0) != 0x80) return -1;
    units += more == 3;
    i += more + 1;
  }
  return units;
}

SHOWN CFTypeRef CFStringCreateWithBytes(CFTypeRef allocator, const uint8_t *bytes, CFIndex length,
                                        uint32_t encoding, Boolean is_external) {
  pthread_mutex_lock(&turn);
  if (allocator != NULL || encoding != 0x08000100 || is_external != 0) {
    report("CFStringCreateWithBytes: allocator %p, encoding %x, external %d", allocator, encoding, is_external);
  }
  CFTypeRef ref = units_of(bytes, length) < 0 ? NULL : make_bytes(STRING, bytes, length);
  pthread_mutex_unlock(&turn);
  return ref;
}

SHOWN CFIndex CFStringGetLength(CFTypeRef ref) {
  pthread_mutex_lock(&turn);
  struct object *string = expect(ref, STRING, "CFStringGetLength");
  CFIndex units = string == NULL ? 0 : units_of(string->bytes, string->length);
  pthread_mutex_unlock(&turn);
  return units;
}

SHOWN Boolean CFStringGetCString(CFTypeRef ref, char *buffer, CFIndex size, uint32_t encoding) {
  pthread_mutex_lock(&turn);
  struct object *string = expect(ref, STRING, "CFStringGetCString");
  if (encoding != 0x08000100) report("CFStringGetCString: encoding %x", encoding);
  bool fits = string != NULL && string->length < size;
  if (fits) memcpy(buffer, string->bytes, string->length + 1);
  pthread_mutex_unlock(&turn);
  return fits;
}

SHOWN CFTypeRef CFDataCreate(CFTypeRef allocator, const uint8_t *bytes, CFIndex length) {
  pthread_mutex_lock(&turn);
  if (allocator != NULL || length < 0) report("CFDataCreate: allocator %p, length %ld", allocator, length);
  CFTypeRef ref = make_bytes(DATA, bytes, length);
  pthread_mutex_unlock(&turn);
  return ref;
}

SHOWN CFIndex CFDataGetLength(CFTypeRef ref) {
  pthread_mutex_lock(&turn);
  struct object *data = expect(ref, DATA, "CFDataGetLength");
  pthread_mutex_unlock(&turn);
  return data == NULL ? 0 : data->length;
}

SHOWN const uint8_t *CFDataGetBytePtr(CFTypeRef ref) {
  pthread_mutex_lock(&turn);
  struct object *data = expect(ref, DATA, "CFDataGetBytePtr");
  pthread_mutex_unlock(&turn);
  return data == NULL || data->length == 0 ? NULL : data->bytes;
}

SHOWN CFTypeRef CFDictionaryCreateMutable(CFTypeRef allocator, CFIndex capacity, const void *keys,
                                          const void *values) {
  pthread_mutex_lock(&turn);
  bool does_retain = keys == &kCFTypeDictionaryKeyCallBacks && values == &kCFTypeDictionaryValueCallBacks;
  if (!does_retain) report("CFDictionaryCreateMutable: null callbacks, or none of CFType: it will not retain");
  if (allocator != NULL || capacity != 0) report("CFDictionaryCreateMutable: allocator or capacity");
  struct object *dictionary = make(DICTIONARY);
  dictionary->does_retain = does_retain;
  pthread_mutex_unlock(&turn);
  return dictionary->ref;
}

SHOWN void CFDictionarySetValue(CFTypeRef ref, CFTypeRef key, CFTypeRef value) {
  pthread_mutex_lock(&turn);
  struct object *dictionary = expect(ref, DICTIONARY, "CFDictionarySetValue");
  if (dictionary != NULL && expect(key, STRING, "CFDictionarySetValue, key") != NULL &&
      look_at(value, "CFDictionarySetValue, value") != NULL) {
    put(dictionary, key, value);
  }
  pthread_mutex_unlock(&turn);
}

SHOWN CFTypeRef CFDictionaryGetValue(CFTypeRef ref, CFTypeRef key) {
  pthread_mutex_lock(&turn);
  struct object *dictionary = expect(ref, DICTIONARY, "CFDictionaryGetValue");
  struct object *wanted = expect(key, STRING, "CFDictionaryGetValue, key");
  CFTypeRef value = NULL;
  for (CFIndex i = 0; dictionary != NULL && wanted != NULL && i < dictionary->length; i++) {
    if (dictionary->entries[i].key == key) value = dictionary->entries[i].value;
  }
  pthread_mutex_unlock(&turn);
  return value;
}

SHOWN CFIndex CFArrayGetCount(CFTypeRef ref) {
  pthread_mutex_lock(&turn);
  struct object *array = expect(ref, ARRAY, "CFArrayGetCount");
  pthread_mutex_unlock(&turn);
  return array == NULL ? 0 : array->length;
}

SHOWN CFTypeRef CFArrayGetValueAtIndex(CFTypeRef ref, CFIndex index) {
  pthread_mutex_lock(&turn);
  struct object *array = expect(ref, ARRAY, "CFArrayGetValueAtIndex");
  bool is_in = array != NULL && index >= 0 && index < array->length;
  if (array != NULL && !is_in) report("CFArrayGetValueAtIndex: %ld of %ld", index, array->length);
  CFTypeRef value = is_in ? array->entries[index].value : NULL;
  pthread_mutex_unlock(&turn);
  return value;
}

__attribute__((constructor)) static void begin(void) {
  if (getrandom(&type_base, 1, 0) != 1) abort();
  type_base |= 1;
  kCFBooleanTrue = make_bytes(BOOLEAN, "\1", 1);
  kCFBooleanFalse = make_bytes(BOOLEAN, "\0", 1);
  find(kCFBooleanTrue)->is_constant = find(kCFBooleanFalse)->is_constant = true;
}

/* The last line reports the end of the process. Without it, leaks are not known. */
__attribute__((destructor)) static void end(void) {
  for (long i = 0; i < count && calls_under_way == 0; i++) {
    struct object *object = objects[i];
    if (object->is_constant || object->retains <= 0) continue;
    report("leak: a %s, %p, retained %ld times", name_of(object), object->ref, object->retains);
  }
  report("end: %ld objects", count);
}
