/*
 * What the two libraries of the double share. It stands in for CoreFoundation and Security of macOS as
 * far as fob calls them, is stricter than they are, and writes every wrong use to the file that
 * FOB_DOUBLE_REPORT names, a line each.
 *
 * Types are those of CFBase.h, 64 bits: CFIndex is signed long, OSStatus is int, Boolean is unsigned char.
 */
#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

typedef const void *CFTypeRef;
typedef long CFIndex;
typedef unsigned char Boolean;
typedef int OSStatus;

enum kind { STRING, DATA, BOOLEAN, DICTIONARY, ARRAY, KEYCHAIN };

struct entry {
  CFTypeRef key, value;
};

/* An object is never given back to malloc: what is used after its last release is recognised. */
struct object {
  enum kind kind;
  long retains;
  bool is_constant;
  bool does_retain;
  CFTypeRef ref;
  /* STRING, NUL-terminated beyond length; DATA; BOOLEAN: one byte. */
  uint8_t *bytes;
  /* Of bytes, or of entries; an ARRAY has values alone. */
  CFIndex length;
  struct entry *entries;
};

#define SHOWN __attribute__((visibility("default")))

SHOWN void report(const char *format, ...) __attribute__((format(printf, 1, 2)));
SHOWN const char *name_of(const struct object *object);
/* A new object, retained once. */
SHOWN struct object *make(enum kind kind);
SHOWN CFTypeRef make_bytes(enum kind kind, const void *bytes, CFIndex length);
/* A string that lives as long as the process, as kSec… are. */
SHOWN CFTypeRef make_constant(const char *text);
/* Adds an entry and retains what is in it. */
SHOWN void put(struct object *container, CFTypeRef key, CFTypeRef value);
/* The object behind a reference; NULL, and reported, where there is none or it has been released. */
SHOWN struct object *look_at(CFTypeRef ref, const char *function);
/* The same, of that kind. */
SHOWN struct object *expect(CFTypeRef ref, enum kind kind, const char *function);

/* Held by every function of both libraries while it works, and not while it waits. */
SHOWN extern pthread_mutex_t turn;
/* Calls that have not returned: what they hold when the process ends is no leak. */
SHOWN extern int calls_under_way;
SHOWN void CFRelease(CFTypeRef);
