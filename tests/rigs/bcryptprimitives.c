/*
 * bcryptprimitives.dll for Wine 8, which does not have it. Deno's Windows build needs one function of
 * it to start.
 *
 * SystemFunction036 is the exported name of RtlGenRandom (ntsecapi.h).
 */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length)
{
    return SystemFunction036(buffer, (ULONG)length);
}
