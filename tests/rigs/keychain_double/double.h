/*
 * Shared by the two libraries of the double. It replaces the functions of CoreFoundation and Security
 * of macOS that fob calls, checks them more strictly, and appends each invalid use as a line to the
 * file FOB_DOUBLE_REPORT.
 *
 * Types as in CFBase.h, 64 bits: CFIndex is signed long, OSStatus is int, Boolean is unsigned char.
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

/* An object is never freed, so that a use after its last release is detected. */
struct object {
  enum kind kind;
  long retains;
  bool is_constant;
  bool does_retain;
  CFTypeRef ref;
  /* STRING, NUL-terminated beyond length; DATA; BOOLEAN: one byte. */
  uint8_t *bytes;
  /* The number of bytes or of entries. The entries of an ARRAY have only values. */
  CFIndex length;
  struct entry *entries;
};

#define SHOWN __attribute__((visibility("default")))

SHOWN void report(const char *format, ...) __attribute__((format(printf, 1, 2)));
SHOWN const char *name_of(const struct object *object);
/* Makes an object with one reference. */
SHOWN struct object *make(enum kind kind);
SHOWN CFTypeRef make_bytes(enum kind kind, const void *bytes, CFIndex length);
/* Makes a string that is never released, like the kSec… constants. */
SHOWN CFTypeRef make_constant(const char *text);
/* Adds an entry and retains its key and value. */
SHOWN void put(struct object *container, CFTypeRef key, CFTypeRef value);
/* The object of a reference. Returns NULL and reports it if the reference is invalid or released. */
SHOWN struct object *look_at(CFTypeRef ref, const char *function);
/* Like `look_at`, and checks the kind. */
SHOWN struct object *expect(CFTypeRef ref, enum kind kind, const char *function);

/* The lock of both libraries, held while a function works, but not while it waits. */
SHOWN extern pthread_mutex_t turn;
/* The number of active calls. Objects of active calls at exit are not leaks. */
SHOWN extern int calls_under_way;
SHOWN void CFRelease(CFTypeRef);
