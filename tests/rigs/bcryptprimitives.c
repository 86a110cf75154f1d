/*
 * bcryptprimitives.dll for Wine 8, which has none and where Deno's Windows build cannot start without
 * the one function that it takes from it.
 *
 * SystemFunction036 is the exported name of RtlGenRandom (ntsecapi.h).
 */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length)
{
    return SystemFunction036(buffer, (ULONG)length);
}
