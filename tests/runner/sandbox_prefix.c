/*
 * sandbox_prefix.c - the Windows installation that every play starts with.
 *
 * Wine takes two short registry files, a few folders and its own DLLs for a
 * whole Windows, if a stamp file tells it not to set one up. What is here is
 * what programs have been seen to need; making it takes 5 ms.
 */
#include "sandbox.h"

#define KEY_TIME " 1700000000\n"
#define CURRENT_VERSION "[Software\\\\Microsoft\\\\Windows NT\\\\CurrentVersion"
#define CONTROL "[System\\\\CurrentControlSet\\\\Control\\\\"
#define CRYPTOGRAPHY                                                           \
    "[Software\\\\Microsoft\\\\Cryptography\\\\Defaults\\\\Provider"
/* A provider of CryptAcquireContext: its name, its type in three digits and in
 * hexadecimal. */
#define CRYPTO_PROVIDER(name, number, type)                                    \
    CRYPTOGRAPHY "\\\\" name "]" KEY_TIME "\"Image Path\"=\"rsaenh.dll\"\n"    \
                 "\"Type\"=dword:" type "\n\n" CRYPTOGRAPHY                    \
                 " Types\\\\Type " number "]" KEY_TIME "\"Name\"=\"" name      \
                 "\"\n\n"

static const char SYSTEM_REGISTRY[] =
    "WINE REGISTRY Version 2\n"
    ";; All keys relative to \\\\Machine\n\n"
    "#arch=win64\n\n" CURRENT_VERSION "]" KEY_TIME
    "\"CSDVersion\"=\"Service Pack 1\"\n"
    "\"CurrentBuild\"=\"7601\"\n"
    "\"CurrentBuildNumber\"=\"7601\"\n"
    "\"CurrentVersion\"=\"6.1\"\n"
    "\"ProductName\"=\"Windows 7\"\n"
    "\"SystemRoot\"=\"C:\\\\windows\"\n\n"
    /* A crash ends the program at once: no debugger, no dialogue box. */
    CURRENT_VERSION "\\\\AeDebug]" KEY_TIME "\"Auto\"=\"0\"\n"
    "\"Debugger\"=\"\"\n\n" CURRENT_VERSION "\\\\ProfileList]" KEY_TIME
    "\"ProfilesDirectory\"=\"C:\\\\users\"\n"
    "\"ProgramData\"=\"C:\\\\ProgramData\"\n"
    "\"Public\"=\"C:\\\\users\\\\Public\"\n\n"
    "[Software\\\\Microsoft\\\\Windows\\\\CurrentVersion]" KEY_TIME
    "\"CommonFilesDir\"=\"C:\\\\Program Files\\\\Common Files\"\n"
    "\"ProgramFilesDir\"=\"C:\\\\Program Files\"\n\n" CONTROL
    "ComputerName\\\\ActiveComputerName]" KEY_TIME
    "\"ComputerName\"=\"NPLAB\"\n\n" CONTROL
    "ComputerName\\\\ComputerName]" KEY_TIME
    "\"ComputerName\"=\"NPLAB\"\n\n" CONTROL "Windows]" KEY_TIME
    "\"CSDVersion\"=dword:00000100\n\n" CONTROL "Session Manager]" KEY_TIME
    "\"CriticalSectionTimeout\"=dword:00278d00\n\n" CONTROL
    "Session Manager\\\\Environment]" KEY_TIME
    "\"ComSpec\"=\"C:\\\\windows\\\\system32\\\\cmd.exe\"\n"
    "\"NUMBER_OF_PROCESSORS\"=\"1\"\n"
    "\"OS\"=\"Windows_NT\"\n"
    "\"PATH\"=\"C:\\\\windows\\\\system32;C:\\\\windows\"\n"
    "\"PATHEXT\"=\".COM;.EXE;.BAT;.CMD\"\n"
    "\"PROCESSOR_ARCHITECTURE\"=\"AMD64\"\n"
    "\"TEMP\"=\"C:\\\\windows\\\\temp\"\n"
    "\"TMP\"=\"C:\\\\windows\\\\temp\"\n"
    "\"windir\"=\"C:\\\\windows\"\n\n"
    /* Random numbers and hashes. */
    CRYPTO_PROVIDER(
        "Microsoft Enhanced Cryptographic Provider v1.0", "001", "00000001")
        CRYPTO_PROVIDER("Microsoft Enhanced RSA and AES Cryptographic Provider",
                        "024",
                        "00000018") "[System\\\\CurrentControlSet\\\\Services\\"
                                    "\\Tcpip\\\\Parameters]" KEY_TIME
                                    "\"Hostname\"=\"nplab\"\n";

static const char USER_REGISTRY[] =
    "WINE REGISTRY Version 2\n"
    ";; All keys relative to \\\\User\\\\S-1-5-21-0-0-0-1000\n\n"
    "#arch=win64\n\n"
    "[Environment]" KEY_TIME "\"TEMP\"=\"C:\\\\users\\\\student\\\\Temp\"\n"
    "\"TMP\"=\"C:\\\\users\\\\student\\\\Temp\"\n\n"
    "[Software\\\\Wine\\\\WineDbg]" KEY_TIME
    "\"ShowCrashDialog\"=dword:00000000\n";

const struct prefix_file PREFIX_FILES[] = {
    {"system.reg", SYSTEM_REGISTRY},
    {"user.reg", USER_REGISTRY},
    {".update-timestamp", "disable"},
    {NULL, NULL},
};

const char *const PREFIX_FOLDERS[] = {
    "dosdevices",
    "drive_c/windows/temp",
    "drive_c/users/student/Temp",
    "drive_c/users/student/AppData/Roaming",
    "drive_c/users/student/AppData/Local",
    "drive_c/users/Public",
    "drive_c/Program Files/Common Files",
    "drive_c/ProgramData",
    "drive_c/work",
    NULL,
};

/* wineboot.exe=d is safe because the director is the only program that is
 * started from outside: a second one would wait for ever for a boot that
 * never comes. */
const char *const WINE_ENVIRONMENT[][2] = {
    {"WINEDEBUG", "-all"},
    {"WINEDLLOVERRIDES",
     "mscoree,mshtml=;services.exe=d;explorer.exe=d;winemenubuilder.exe=d;"
     "rpcss.exe=d;plugplay.exe=d;winedbg.exe=d;wineboot.exe=d"},
    {"PATH", "/usr/bin:/bin"},
    /* For names of files. The other categories would be 20 files to open, in
     * every program. */
    {"LC_CTYPE", "C.UTF-8"},
    /* Or every program looks for /etc/localtime some thirty times. */
    {"TZ", "UTC0"},
    {"USER", "student"},
    {"LOGNAME", "student"},
    {"USERNAME", "student"},
    {NULL, NULL},
};
