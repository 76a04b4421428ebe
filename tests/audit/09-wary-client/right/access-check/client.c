/* client.c - AccessCheck decides whether the server's token is good enough;
 * the conversation is TransactNamedPipe. */
#include "np_args.h"
#include "np_handle.h"
#include "np_io.h"
#include "np_pipe.h"
#include "np_sd.h"
#include "np_token.h"

#include <aclapi.h>
#include <sddl.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const char USAGE[] = "client [options] FILE|-\n";

static PSID my_user(void **memory)
{
    HANDLE token = NULL;

    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        np_die(np_last_error(), "own token");
    DWORD err = np_token_info(token, TokenUser, memory);
    if (err != 0)
        np_die(err, "own user");
    np_close(&token);
    return ((TOKEN_USER *)*memory)->User.Sid;
}

static bool may(HANDLE token, const wchar_t *group)
{
    GENERIC_MAPPING mapping = {1, 1, 1, 1};
    union {
        PRIVILEGE_SET set;
        char room[512];
    } used;
    SECURITY_ATTRIBUTES lock = {0};
    HANDLE copy = NULL;
    DWORD size = sizeof used, granted = 0;
    BOOL yes = FALSE;
    wchar_t sddl[100];

    swprintf(sddl, 100, L"O:SYG:SYD:(A;;0x1;;;%ls)", group);
    if (np_sd_from_text(sddl, &lock) != 0 ||
        !DuplicateTokenEx(token,
                          TOKEN_QUERY,
                          NULL,
                          SecurityIdentification,
                          TokenImpersonation,
                          &copy) ||
        !AccessCheck(lock.lpSecurityDescriptor,
                     copy,
                     1,
                     &mapping,
                     &used.set,
                     &size,
                     &granted,
                     &yes))
        yes = FALSE;
    np_close(&copy);
    np_sd_free(&lock);
    return yes;
}

static bool is_true_server(HANDLE pipe, const wchar_t *wanted)
{
    PSECURITY_DESCRIPTOR descriptor = NULL;
    PSID owner = NULL, expected = NULL, me;
    const wchar_t *group = NULL;
    HANDLE process = NULL, token = NULL;
    ULONG id = 0;
    void *memory = NULL;
    bool yes = false;

    me = my_user(&memory);
    if (wanted != NULL && !ConvertStringSidToSidW(wanted, &expected))
        goto out;
    if (GetSecurityInfo(pipe,
                        SE_FILE_OBJECT,
                        OWNER_SECURITY_INFORMATION,
                        &owner,
                        NULL,
                        NULL,
                        NULL,
                        &descriptor) != 0 ||
        !EqualSid(owner, expected == NULL ? me : expected))
        goto out;
    yes = expected != NULL && !EqualSid(expected, me);
    if (yes || np_lab_group(&group) != 0 ||
        !GetNamedPipeServerProcessId(pipe, &id))
        goto out;
    process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, id);
    yes = process != NULL &&
          OpenProcessToken(process, TOKEN_QUERY | TOKEN_DUPLICATE, &token) &&
          may(token, group);
out:
    np_close(&token);
    np_close(&process);
    LocalFree(descriptor);
    LocalFree(expected);
    free(memory);
    return yes;
}

/* One request and its reply, as a string; false: no good one. */
static bool ask(HANDLE pipe,
                struct np_deadline end,
                char *request,
                size_t size,
                char *reply)
{
    OVERLAPPED io = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    DWORD got = 0;
    DWORD err =
        TransactNamedPipe(pipe, request, (DWORD)size, reply, 256, NULL, &io)
            ? 0
            : np_last_error();

    err = np_await_io(pipe, &io, err, np_time_left(end), &got);
    np_close(&io.hEvent);
    reply[got] = '\0';
    while (err == 0 && strcmp(reply, "WAIT") == 0) {
        if (np_time_left(end) == 0)
            return false;
        err = np_read(pipe, reply, 256, np_time_left(end), &got);
        reply[got] = '\0';
    }
    for (DWORD i = 0; i < got; i++)
        if (reply[i] < ' ' || reply[i] == 127)
            return false;
    return err == 0;
}

int wmain(int argc, wchar_t **argv)
{
    const wchar_t *name = L"\\\\.\\pipe\\nplab-09-wary-client";
    const wchar_t *owner = NULL, *level = L"identification";
    DWORD ms = 5000, mode = PIPE_READMODE_MESSAGE;
    const struct np_option options[] = {{"--pipe", .text = &name},
                                        {"--owner", .text = &owner},
                                        {"--level", .text = &level},
                                        {"--timeout", .number = &ms},
                                        {0}};
    static char request[1030] = "KEEP ", hello[] = "HELLO", reply[257];
    HANDLE pipe = NULL;

    int status = np_args(&argc, argv, USAGE, options);
    if (status != NP_ARGS_GO_ON)
        return status;
    DWORD lend = wcscmp(level, L"anonymous") == 0 ? SECURITY_ANONYMOUS
                                                  : SECURITY_IDENTIFICATION;
    if (argc != 1 || (lend != 0 && wcscmp(level, L"identification") != 0) ||
        _wcsnicmp(name, L"\\\\.\\pipe\\", 9) != 0 ||
        wcspbrk(name + 9, L"\\/") != NULL)
        return np_wrong_usage(USAGE, "that cannot be meant");
    FILE *in = wcscmp(argv[0], L"-") == 0 ? stdin : _wfopen(argv[0], L"rb");
    size_t size = in == NULL ? 0 : fread(request + 5, 1, 1025, in);
    if (size == 0 || size > 1024)
        np_die(ERROR_BAD_LENGTH, "the secret");

    struct np_deadline end = np_deadline_in(ms);
    DWORD err = np_connect(name, GENERIC_READ | GENERIC_WRITE, lend, ms, &pipe);
    if (err != 0)
        np_die(err, "opening %ls", name);
    if (!is_true_server(pipe, owner))
        np_die(ERROR_ACCESS_DENIED, "trusting %ls", name);
    if (!SetNamedPipeHandleState(pipe, &mode, NULL, NULL))
        np_die(np_last_error(), "read mode");
    if (!ask(pipe, end, hello, 5, reply) || strcmp(reply, "READY") != 0)
        np_die(ERROR_INVALID_DATA, "greeting %ls", name);
    if (!ask(pipe, end, request, size + 5, reply) ||
        strncmp(reply, "KEPT for ", 9) != 0)
        np_die(ERROR_INVALID_DATA, "giving the secret to %ls", name);
    printf("%s\n", reply);
    return 0;
}
