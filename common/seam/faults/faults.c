/* faults.c - see faults.h. */
#include "faults.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_RULES 16
#define HOLD_LIMIT_MS 30000
#define WRONG_USAGE 2

struct rule {
    const char *api;
    size_t api_length;
    bool later;         /* counts what comes after an impersonation only */
    LONG turn;          /* the call it is for; 0: every call */
    volatile LONG made; /* calls made until now */
    DWORD fault;        /* 0: hold */
    HANDLE reached;
    HANDLE go;
};

static struct rule rules[MAX_RULES];
static size_t rule_count;

static void refuse(const char *variable, const char *text)
{
    fprintf(stderr, "%s: cannot use \"%s\"\n", variable, text);
    ExitProcess(WRONG_USAGE);
}

/* RevertToSelf and SetThreadToken(..., NULL) together. */
static bool is_for_reverts(const struct rule *rule)
{
    return rule->api_length == strlen("Revert") &&
           strncmp(rule->api, "Revert", rule->api_length) == 0;
}

static bool is_hooked(const struct rule *rule)
{
    if (is_for_reverts(rule))
        return true;
    for (int i = 0; i < SEAM_CALL_COUNT; i++)
        if (seam_is_api(seam_names[i].name, rule->api, rule->api_length))
            return true;
    return false;
}

static HANDLE open_event(const char *prefix, const char *suffix)
{
    char name[MAX_PATH];

    snprintf(name, sizeof name, "%s.%s", prefix, suffix);
    return seam_real.OpenEventA(EVENT_MODIFY_STATE | SYNCHRONIZE, FALSE, name);
}

/* Splits "API:n:rest" and returns rest, or NULL when it has another form. */
static char *parse_call(char *text, struct rule *rule)
{
    char *turn = strchr(text, ':');
    char *rest = turn == NULL ? NULL : strchr(turn + 1, ':');
    char *end;

    if (rest == NULL)
        return NULL;
    rule->api = text;
    rule->api_length = (size_t)(turn - text);
    turn++;
    rule->later = *turn == '+';
    turn += rule->later;
    if (turn[0] == '*' && turn + 1 == rest)
        return rest + 1;
    rule->turn = strtol(turn, &end, 10);
    return rule->turn > 0 && end == rest ? rest + 1 : NULL;
}

static bool parse_fault(char *text, struct rule *rule)
{
    char *code = parse_call(text, rule);
    char *end;

    if (code == NULL)
        return false;
    rule->fault = strtoul(code, &end, 10);
    return rule->fault != 0 && *end == '\0';
}

static bool parse_hold(char *text, struct rule *rule)
{
    char *prefix = parse_call(text, rule);

    if (prefix == NULL || rule->turn == 0)
        return false;
    /* Opened now, while the thread is nobody's client. */
    rule->reached = open_event(prefix, "reached");
    rule->go = open_event(prefix, "go");
    return rule->reached != NULL && rule->go != NULL;
}

static void read_rules(const char *variable,
                       bool (*parse)(char *text, struct rule *rule))
{
    const char *value = getenv(variable);
    char *text, *next;

    if (value == NULL || *value == '\0')
        return;
    text = _strdup(value); /* the rules keep pointing into it */
    if (text == NULL)
        refuse(variable, value);
    /* For this process alone: the n-th call of each of its children would be
     * another one. */
    if (parse == parse_fault)
        SetEnvironmentVariableA(variable, NULL);
    for (; text != NULL; text = next) {
        next = strchr(text, ',');
        if (next != NULL)
            *next++ = '\0';
        if (rule_count == MAX_RULES || !parse(text, &rules[rule_count]) ||
            !is_hooked(&rules[rule_count]))
            refuse(variable, value);
        rule_count++;
    }
}

bool faults_start(void)
{
    read_rules("NPLAB_FAULTS", parse_fault);
    read_rules("NPLAB_HOLD", parse_hold);
    return rule_count != 0;
}

/* A read or write of the program's own input or output. */
static bool is_standard(enum seam_id id, va_list arguments)
{
    static const DWORD streams[] = {
        STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
    HANDLE object;

    if (strncmp(seam_names[id].record, "!@h", 3) != 0)
        return false;
    object = va_arg(arguments, HANDLE);
    for (size_t i = 0; i < ARRAYSIZE(streams); i++)
        if (object == GetStdHandle(streams[i]))
            return true;
    return false;
}

static bool is_revert(enum seam_id id, va_list arguments)
{
    if (id != SEAM_SetThreadToken)
        return id == SEAM_RevertToSelf;
    (void)va_arg(arguments, HANDLE *);
    return va_arg(arguments, HANDLE) == NULL;
}

DWORD faults_before(enum seam_id id, ...)
{
    static volatile LONG has_impersonated;
    DWORD error = GetLastError();
    DWORD fault = 0;
    bool later = has_impersonated != 0, own_affair, reverts;
    va_list arguments;

    if (rule_count == 0)
        return 0;
    if (id == SEAM_ImpersonateNamedPipeClient)
        has_impersonated = 1;
    va_start(arguments, id);
    own_affair = is_standard(id, arguments);
    va_end(arguments);
    va_start(arguments, id);
    reverts = is_revert(id, arguments);
    va_end(arguments);

    for (size_t i = 0; i < rule_count && !own_affair; i++) {
        struct rule *rule = &rules[i];

        if (is_for_reverts(rule) ? !reverts
                                 : !seam_is_api(seam_names[id].name,
                                                rule->api,
                                                rule->api_length))
            continue;
        if (rule->later && !later)
            continue;
        if (InterlockedIncrement(&rule->made) != rule->turn && rule->turn != 0)
            continue;
        if (rule->fault != 0) {
            fault = rule->fault;
        } else {
            seam_real.SetEvent(rule->reached);
            seam_real.WaitForSingleObject(rule->go, HOLD_LIMIT_MS);
        }
    }
    SetLastError(error);
    return fault;
}
