/* nop.c - a Windows program that does nothing: the floor of every start. */
int main(void);

int main(void)
{
    return 0;
}
