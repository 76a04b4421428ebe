/* server_accounts.c - see server_accounts.h. */
#include "server_accounts.h"
#include "server_request.h"
#include "server_sql.h"
#include "ledger.h"
#include "np_sd.h"
#include "np_token.h"

#include <string.h>
#include <wchar.h>

enum { ACCOUNT_LINE_MAX = 2048 };

/* SDDL in UTF-8 to a descriptor. */
static DWORD read_descriptor(struct slice text, SECURITY_ATTRIBUTES *security)
{
    wchar_t sddl[ACCOUNT_LINE_MAX];
    int length = MultiByteToWideChar(CP_UTF8,
                                     MB_ERR_INVALID_CHARS,
                                     text.at,
                                     text.size,
                                     sddl,
                                     ARRAYSIZE(sddl) - 1);

    *security = (SECURITY_ATTRIBUTES){0};
    if (length == 0)
        return ERROR_INVALID_PARAMETER;
    sddl[length] = L'\0';
    DWORD err = np_sd_from_text(sddl, security);
    if (err == 0 &&
        GetSecurityDescriptorLength(security->lpSecurityDescriptor) >
            LEDGER_DESCRIPTOR_MAX) {
        np_sd_free(security);
        err = ERROR_INVALID_SECURITY_DESCR;
    }
    return err;
}

static bool open_account(struct slice line)
{
    struct slice name;
    struct slice number;
    long long balance = 0;
    SECURITY_ATTRIBUTES security = {0};
    DWORD err;
    bool ok;

    if (!is_plain_text(line.at, (size_t)line.size) ||
        !take_word(&line, &name) || !take_word(&line, &number) ||
        !to_number(number, &balance)) {
        fprintf(stderr, "not NAME BALANCE SDDL\n");
        return false;
    }
    err = read_descriptor(line, &security);
    if (err != 0) {
        np_warn(err,
                "ConvertStringSecurityDescriptor...(%.*s)",
                line.size,
                line.at);
        return false;
    }
    ok = store_add(name, balance, security.lpSecurityDescriptor) == STORE_DONE;
    np_sd_free(&security);
    return ok;
}

static bool open_all(FILE *file, const wchar_t *path)
{
    char line[ACCOUNT_LINE_MAX];
    unsigned number = 0;
    bool whole = true;
    bool comment = false;

    while (fgets(line, sizeof line, file)) {
        size_t size = strcspn(line, "\r\n");
        if (whole) { /* what was read last; so a new line begins */
            number++;
            comment = line[0] == '#';
        }
        whole = strchr(line, '\n') != NULL || feof(file);
        if (comment || (whole && size == 0))
            continue;
        if (!whole || !open_account((struct slice){line, (int)size})) {
            fprintf(stderr, "%ls: line %u is no account\n", path, number);
            return false;
        }
    }
    return ferror(file) == 0;
}

bool accounts_open(const wchar_t *path)
{
    FILE *file = _wfopen(path, L"rb");
    bool ok;

    if (file == NULL) {
        np_warn(np_last_error(), "_wfopen(%ls)", path);
        return false;
    }
    ok = store_begin() && open_all(file, path) && store_commit();
    if (!ok)
        store_rollback();
    fclose(file);
    return ok;
}

static bool
note_one(void *any, struct slice name, const struct account *account)
{
    (void)name, (void)account;
    *(bool *)any = true;
    return false;
}

bool accounts_open_examples(void)
{
    /* Each with all rights for the group, and these for everyone. */
    static const struct {
        const char *name;
        unsigned balance;
        const char *everyone;
    } examples[] = {{"vault", 1000, ""},
                    {"till", 500, "(A;;0x7;;;WD)"},
                    {"slot", 0, "(A;;0x2;;;WD)"}};
    char line[200];
    const wchar_t *group = NULL;
    bool any = false;
    DWORD err = np_lab_group(&group);

    if (err != 0) {
        np_warn(err, "np_lab_group");
        return false;
    }
    if (store_list(note_one, &any) != STORE_DONE)
        return false;
    if (any)
        return true;
    bool ok = store_begin();
    for (size_t i = 0; ok && i < ARRAYSIZE(examples); i++) {
        int size = snprintf(line,
                            sizeof line,
                            "%s %u O:SYG:SYD:P(A;;0x7;;;%ls)%s",
                            examples[i].name,
                            examples[i].balance,
                            group,
                            examples[i].everyone);
        ok = open_account((struct slice){line, size});
    }
    ok = ok && store_commit();
    if (!ok)
        store_rollback();
    return ok;
}
