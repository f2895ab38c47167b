// Names and log lines as an attacker would write them into a project: markup, terminal codes, characters that hide or reorder.
export const HOSTILE_NAME = '"><img src=x onerror=alert(1)><script>alert(2)</script>\u202Egpj.exe\u200B'

export const HOSTILE_LINES: readonly string[] = [
  '<img src=x onerror="document.title=\'owned\'">',
  '</script><script>document.title="owned"</script>',
  '"><svg onload=alert(1)>',
  '<a href="javascript:alert(1)">click</a>',
  '\u001B]8;;https://evil.example\u0007click\u001B]8;;\u0007',
  '\u001B]52;c;ZXZpbA==\u0007',
  '\u001BP1$tevil\u001B\\',
  '\u001B[2J\u001B[31mred\u001B[0m',
  '\u009B31mC1 control',
  'first\rsecond\b\b\u0000end',
  'user\u202Egpj.exe and \u200Bzero\u2060width',
  'x\n\nevent: kill\ndata: {}\n\n',
  `${'long '.repeat(4000)}end`,
]
