/* What a test wants to go wrong, by environment variables. */
#pragma once
#include "double.h"

/*
 * Every function of Security begins here: waits as FOB_DOUBLE_DELAY says (`SecItemAdd=20000,…`, in
 * milliseconds), then takes the turn. Returns the status that FOB_DOUBLE_STATUS forces on it, else 0.
 * `SecItemAdd@2=-25308` is for the second call of the process alone, `SecItem*` for every one of SecItem….
 */
OSStatus begin_call(const char *function);
/*
 * And ends here. FOB_DOUBLE_KILL=3 ends the process, as kill -9 would, after the third SecItem… call has
 * had its effect.
 */
OSStatus end_call(const char *function, OSStatus status);
