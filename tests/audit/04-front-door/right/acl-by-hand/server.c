/* server.c - A calls, main, nothing of the kit; the DACL is put together entry
 * by entry, and the network is kept out by an entry that denies it. */
#include <windows.h>
#include <sddl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv);

static union {
    ACL list;
    char room[1024];
} acl;

static void give_up(const char *what)
{
    fprintf(stderr, "%s: %lu\n", what, GetLastError());
    ExitProcess(1);
}

static PSID sid_or_none(const char *text)
{
    PSID sid = NULL;
    /* Wine would take an empty text for a SID. */
    return text[0] != '\0' && ConvertStringSidToSidA(text, &sid) ? sid : NULL;
}

static PSID own_group(void)
{
    static const char *const groups[] = {"S-1-5-4", "S-1-2-0", "S-1-5-32-544"};
    int i;

    for (i = 0; i < 3; i++) {
        PSID sid = sid_or_none(groups[i]);
        BOOL member = FALSE;
        if (sid != NULL && CheckTokenMembership(NULL, sid, &member) && member)
            return sid;
    }
    return NULL;
}

static DWORD WINAPI wait_for_end(void *unused)
{
    (void)unused;
    while (getchar() != EOF)
        continue;
    ExitProcess(0);
}

static DWORD WINAPI serve(void *pipe)
{
    for (;;) {
        char data[1009] = "welcome, ";
        DWORD got, put;

        ConnectNamedPipe(pipe, NULL); /* without a client the read fails */
        while (ReadFile(pipe, data + 9, 1000, &got, NULL) &&
               WriteFile(pipe, data, got + 9, &put, NULL))
            continue;
        DisconnectNamedPipe(pipe);
    }
    return 0;
}

int main(int argc, char **argv)
{
    const char *name = "\\\\.\\pipe\\nplab-04-front-door";
    const char *admit = "group";
    SECURITY_DESCRIPTOR sd;
    SECURITY_ATTRIBUTES sa = {sizeof sa, &sd, FALSE};
    DWORD count = 4, i;
    PSID group, who, network, administrators;
    int at;

    for (at = 1; at < argc; at++) {
        if (strcmp(argv[at], "--help") == 0) {
            printf("server [--pipe NAME] [--admit WHO] [--instances N] "
                   "[--timeout MS]\n");
            return 0;
        }
        if (at + 1 == argc)
            goto usage;
        if (strcmp(argv[at], "--pipe") == 0)
            name = argv[++at];
        else if (strcmp(argv[at], "--admit") == 0)
            admit = argv[++at];
        else if (strcmp(argv[at], "--instances") == 0)
            count = (DWORD)atoi(argv[++at]);
        else if (strcmp(argv[at], "--timeout") == 0)
            at++; /* the silent may stay */
        else
            goto usage;
    }
    if (count < 1 || count > 16) {
        fprintf(stderr, "N is 1 to 16\n");
        return 2;
    }
    group = own_group();
    network = sid_or_none("S-1-5-2");
    administrators = sid_or_none("S-1-5-32-544");
    who = strcmp(admit, "group") == 0      ? group
          : strcmp(admit, "everyone") == 0 ? sid_or_none("S-1-1-0")
                                           : sid_or_none(admit);
    if (group == NULL || who == NULL || network == NULL ||
        administrators == NULL)
        give_up("a group");
    if (!InitializeAcl(&acl.list, sizeof acl, ACL_REVISION) ||
        !AddAccessDeniedAce(
            &acl.list, ACL_REVISION, FILE_ALL_ACCESS, network) ||
        !AddAccessAllowedAce(&acl.list, ACL_REVISION, FILE_ALL_ACCESS, group) ||
        !AddAccessAllowedAce(
            &acl.list, ACL_REVISION, FILE_ALL_ACCESS, administrators) ||
        !AddAccessAllowedAce(
            &acl.list,
            ACL_REVISION,
            FILE_GENERIC_READ |
                (FILE_GENERIC_WRITE & ~(DWORD)FILE_CREATE_PIPE_INSTANCE),
            who) ||
        !InitializeSecurityDescriptor(&sd, SECURITY_DESCRIPTOR_REVISION) ||
        !SetSecurityDescriptorDacl(&sd, TRUE, &acl.list, FALSE))
        give_up("the list");
    for (i = 0; i < count; i++) {
        HANDLE pipe = CreateNamedPipeA(
            name,
            PIPE_ACCESS_DUPLEX | (i == 0 ? FILE_FLAG_FIRST_PIPE_INSTANCE : 0),
            PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE,
            count,
            2048,
            2048,
            0,
            &sa);
        if (pipe == INVALID_HANDLE_VALUE)
            give_up("a pipe");
        CloseHandle(CreateThread(NULL, 0, serve, pipe, 0, NULL));
    }
    wait_for_end(NULL);
usage:
    fprintf(stderr, "%s?\n", argv[at]);
    return 2;
}
