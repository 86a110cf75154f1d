/* Faults, from environment variables. */
#pragma once
#include "double.h"

/*
 * Every function of Security calls this first. Waits for the time in FOB_DOUBLE_DELAY
 * (`SecItemAdd=20000,…`, in milliseconds), then takes the lock. Returns the status in
 * FOB_DOUBLE_STATUS, default 0. `SecItemAdd@2=-25308` applies only to the second call of the process,
 * `SecItem*` to every SecItem… function.
 */
OSStatus begin_call(const char *function);
/*
 * Every function calls this last. FOB_DOUBLE_KILL=3 kills the process with SIGKILL after the effect of
 * the third SecItem… call.
 */
OSStatus end_call(const char *function, OSStatus status);
