"""The cases of the differential test: (template, context) under a name.

A template is text, or a dict of texts whose "main" is rendered. Written for sitrep; what they should print is decided
by Jinja2 itself (expected.py)."""

ROWS = [
    {"name": "Ledger", "team": "Core", "n": 3, "at": 1.5, "tags": ["a", "b"], "owner": {"name": "dana", "mail": None}},
    {"name": "checkout", "team": "core", "n": 1, "at": 20.0, "tags": [], "owner": {"name": "Ravi", "mail": "r@x"}},
    {"name": "Edge", "team": "Net", "n": 2, "at": -0.25, "tags": ["c"], "owner": {"name": "mei", "mail": None}},
]
TREE = [{"t": "a", "kids": [{"t": "b", "kids": [{"t": "c", "kids": []}]}, {"t": "d", "kids": []}]}, {"t": "e", "kids": []}]
DATA = {
    "rows": ROWS,
    "tree": TREE,
    "d": {"b": 2, "a": 1, "C": 3},
    "word": "incident",
    "html": "<b>\"O'Neil\" & co</b>",
    "uni": "Größe – naïve 日本語 😀",
    "nums": [3, 1, 2, 10, -4],
    "mixed": [1, 2.5, True, None, "x", [1, "y"], {"k": "v"}],
    "yes": True,
    "no": False,
    "nil": None,
    "empty": [],
    "big": 9007199254740993,
    "pi": 3.14159,
    "lines": "one\ntwo\n\nthree",
}

CASES = []


def group(prefix, templates, **options):
    for number, entry in enumerate(templates, 1):
        if not isinstance(entry, tuple):
            entry = (entry, None)
        template, extra = entry
        CASES.append(dict(name=f"{prefix}-{number:02}", template=template, data=extra or {}, options=options))


group("output", [
    "", "plain", "{{ 1 }}", "{{ 1.0 }} {{ 0.1 }} {{ 1e16 }} {{ 1e15 }} {{ 1e-5 }} {{ 0.0001 }} {{ 123456789.125 }}",
    "{{ 1.0e300 * 1e10 }} {{ -1e300 * 1e10 }}", "{{ true }} {{ false }} {{ none }} {{ True }} {{ None }}",
    "{{ 'a' 'b' \"c\" }}", "{{ '\\n\\t\\\\\\'' }}|{{ '\\x41\\u00e9\\U0001F600' }}|{{ '\\q' }}",
    "{{ [1, 'a', 2.0, none, true] }}", "{{ (1,) }} {{ () }} {{ (1, 2) }} {{ 1, 2 }}",
    "{{ {'a': 1, 2: 'b', none: [], (1, 2): {}} }}", "{{ ['it\\'s', '\"', 'both \\' \"', '\\n', 'é', '\\x07', '\\u200b'] }}",
    "{{ mixed }}", "{{ uni }}", "{{ html }}", "{{ [html] }}", "{{ 0x1F }} {{ 0b101 }} {{ 0o17 }} {{ 1_000_000 }} {{ 1_0.5 }}",
    "{{ big }} {{ big + 1 }} {{ 9223372036854775807 }} {{ -9223372036854775807 - 1 }}", "{{ 2.5e-3 }} {{ 1E5 }} {{ 5e-324 }} {{ 1.7976931348623157e308 }}",
    "{% print 1, 'a', nil %}", "{{ 100000000000000000.0 }} {{ 12345678901234567.0 }} {{ -0.0 }}", "{{ 1e22 }} {{ 1.5e-10 }} {{ 1e100 }}",
])

group("arithmetic", [
    "{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 // -2 }} {{ 7 % 3 }} {{ -7 % 3 }} {{ 7 % -3 }} {{ -7 % -3 }}",
    "{{ 7 / 2 }} {{ 6 / 3 }} {{ 1 / 3 }} {{ 2 / 3 * 3 }}", "{{ 7.5 // 2 }} {{ -7.5 // 2 }} {{ 7.5 % 2 }} {{ -7.5 % 2 }} {{ 7.5 % -2 }}",
    "{{ 2 ** 10 }} {{ 2 ** -1 }} {{ 2.0 ** 3 }} {{ 2 ** 0.5 }} {{ (-2) ** 3 }}", "{{ 2 ** 3 ** 2 }} {{ -2 ** 2 }} {{ 2 ** -2 ** 2 }}",
    "{{ 1 + 2 * 3 - 4 / 2 }} {{ (1 + 2) * 3 }}", "{{ true + 1 }} {{ true * 3 }} {{ -true }} {{ +false }}",
    "{{ 'ab' * 3 }} {{ 3 * 'ab' }} {{ [1] * 3 }} {{ 'a' * 0 }} {{ 'a' * -1 }}", "{{ [1] + [2, 3] }} {{ (1,) + (2,) }} {{ 'a' + 'b' }}",
    "{{ 1 ~ 2 ~ 'x' ~ none ~ 1.0 ~ true }}", "{{ 'a' ~ (1 + 2) }} {{ 'a' + 1 ~ 2 }} {{ 2 * 3 ~ 4 }}", "{{ 0.1 + 0.2 }} {{ 1e308 + 1e307 }}",
    "{{ '%s has %d, %.2f and %5s|%-5s|' % ('x', 3, 2.5, 'r', 'l') }}", "{{ '%s' % 5 }} {{ '%s' % [1] }} {{ '%d%%' % 12 }} {{ '%05d' % 42 }} {{ '%+d' % 3 }} {{ '% d' % 3 }}",
    "{{ '%x %X %o %#x %e %E %g %c' % (255, 255, 8, 255, 12345.678, 0.00012, 1e10, 'z') }}", "{{ '%(a)s-%(b)03d' % {'a': 1, 'b': 2} }}",
    "{{ '%r %s' % ('q', none) }} {{ '%.3s' % 'abcdef' }} {{ '%*d' % (6, 3) }} {{ '%g %g %g' % (0.0001, 1e-5, 123456789.0) }}",
    "{{ -5 }} {{ - 5 }} {{ +5 }} {{ --5 }} {{ -nums[0] }}", "{{ 10 - 2 - 3 }} {{ 100 / 10 / 2 }} {{ 100 // 7 // 2 }} {{ 17 % 10 % 4 }}",
    "{{ 9007199254740993 / 1 }} {{ 9223372036854775807 // 1 }} {{ 10 ** 18 }}", "{{ 5 % 0.3 }} {{ 1e20 // 3 }} {{ 5.0 // 0.1 }}",
])

group("compare", [
    "{{ 1 < 2 }} {{ 1 <= 1 }} {{ 2 > 3 }} {{ 2 >= 2 }} {{ 1 == 1.0 }} {{ 1 != 2 }}", "{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 3 > 2 > 1 > 0 }} {{ 1 == 1 != 2 }}",
    "{{ 'a' < 'b' }} {{ 'B' < 'a' }} {{ 'é' > 'z' }} {{ 'a' == \"a\" }}", "{{ [1, 2] < [1, 3] }} {{ (1,) < (1, 0) }} {{ [1] == (1,) }} {{ [] == [] }}",
    "{{ 1 in [1, 2] }} {{ 3 not in [1, 2] }} {{ 'b' in 'abc' }} {{ 'a' in d }} {{ 'z' in d }} {{ 1.0 in [1] }}", "{{ not 1 in [1] }} {{ not yes }} {{ not no and yes }}",
    "{{ true == 1 }} {{ false == 0 }} {{ none == false }} {{ none == none }} {{ '' == none }}", "{{ {'a': 1} == {'a': 1.0} }} {{ {'a': 1, 'b': 2} == {'b': 2, 'a': 1} }}",
    "{{ 1 and 2 }} {{ 0 and 2 }} {{ 0 or 'x' }} {{ '' or [] or 'last' }} {{ 1 or nope }}", "{{ yes and no or yes }} {{ no or no and yes }} {{ not (yes or no) }}",
    "{{ 'x' if yes else 'y' }} {{ 'x' if no else 'y' }} {{ 1 if no else 2 if no else 3 }}", "{{ (1 if yes) }} {{ 'a' if 1 in nums and 2 in nums }}",
    "{{ 9007199254740993 == 9007199254740992.0 }} {{ 9007199254740993 > 9007199254740992.0 }}", "{{ 1 < 2 == true }} {{ (1 < 2) == true }}",
    "{{ 'in' in 'inside' }} {{ [1] in [[1], 2] }} {{ (1, 2) in {(1, 2): 3} }}", "{{ nums[0] < nums[3] and word == 'incident' }}",
])

group("subscript", [
    "{{ nums[0] }} {{ nums[-1] }} {{ nums[1:3] }} {{ nums[:2] }} {{ nums[-2:] }} {{ nums[::2] }} {{ nums[::-1] }} {{ nums[3:0:-1] }}",
    "{{ word[0] }} {{ word[-1] }} {{ word[2:4] }} {{ word[::-1] }} {{ word[10:] }}|", "{{ uni[0:5] }} {{ uni[-1] }} {{ uni[-5:-1] }} {{ uni|length }}",
    "{{ d.a }} {{ d['b'] }} {{ rows[0].owner.name }} {{ rows[0]['owner']['name'] }} {{ rows.0.name }} {{ rows[1].tags }}", "{{ (1, 2, 3)[1:] }} {{ 'abc'[5:] }}| {{ [][1:] }} {{ nums[100:] }} {{ nums[-100:2] }}",
    ("{{ d[key] }}", {"key": "a"}), "{{ {'a': {'b': [10, 20]}}.a.b[1] }} {{ {1: 'one'}[1] }} {{ {(1, 2): 'pair'}[1, 2] }}", "{{ [[1, 2], [3, 4]][1][0] }} {{ [[1, 2], [3, 4]].1.0 }}",
    "{{ nums[yes] }} {{ nums[none:none] }} {{ nums[1:none:2] }}", "{{ 'abc'[1] ~ 'abc'[-3] }} {{ ('a', 'b')|first }} {{ d.items()|list }}",
])

group("methods", [
    "{{ word.upper() }} {{ 'ABC'.lower() }} {{ 'hello world'.title() }} {{ 'hELLO'.capitalize() }} {{ 'aBc'.swapcase() }}",
    "{{ ' x '.strip() }}|{{ ' x '.lstrip() }}|{{ ' x '.rstrip() }}|{{ 'xxaxx'.strip('x') }}|{{ 'abcab'.strip('ab') }}", "{{ 'a,b,,c'.split(',') }} {{ 'a b  c '.split() }} {{ 'a,b,c'.split(',', 1) }} {{ 'a,b,c'.rsplit(',', 1) }} {{ ' a b  c '.rsplit(none, 1) }} {{ ' a b  c '.split(none, 1) }}",
    "{{ lines.splitlines() }} {{ 'a\\r\\nb\\rc'.splitlines(true) }}", "{{ ','.join(['a', 'b']) }} {{ '-'.join('abc') }}", "{{ 'aaa'.replace('a', 'b') }} {{ 'aaa'.replace('a', 'b', 2) }} {{ 'abc'.replace('', '-') }}",
    "{{ word.startswith('in') }} {{ word.endswith('x') }} {{ word.startswith(('x', 'in')) }} {{ word.startswith('c', 2) }}", "{{ word.find('d') }} {{ word.find('z') }} {{ word.rfind('n') }} {{ word.index('c') }} {{ word.count('n') }} {{ 'aaaa'.count('aa') }} {{ 'é日x'.find('x') }}",
    "{{ '12'.isdigit() }} {{ 'ab'.isalpha() }} {{ 'a1'.isalnum() }} {{ ' '.isspace() }} {{ 'AB'.isupper() }} {{ 'ab'.islower() }} {{ ''.isdigit() }} {{ 'Ab Cd'.istitle() }} {{ 'é'.isalpha() }}",
    "{{ '7'.zfill(3) }} {{ '-7'.zfill(4) }} {{ 'x'.center(5, '*') }} {{ 'xy'.center(5, '*') }} {{ 'x'.ljust(3) }}| {{ 'x'.rjust(3, '.') }}", "{{ 'a=b=c'.partition('=') }} {{ 'a=b=c'.rpartition('=') }} {{ 'abc'.partition('=') }} {{ 'abc'.rpartition('=') }}",
    "{{ 'prefix-x'.removeprefix('prefix-') }} {{ 'x.md'.removesuffix('.md') }} {{ 'x'.removeprefix('y') }}", "{{ d.keys()|list }} {{ d.values()|list }} {{ d.items()|list }} {{ d.get('a') }} {{ d.get('z') }} {{ d.get('z', 9) }}",
    "{{ d.keys() }} {{ d.values() }} {{ d.items() }}", "{{ nums.index(2) }} {{ nums.count(1) }} {{ (1, 2, 1).count(1) }}", "{{ '{} {}'.format(1, 'a') }} {{ '{0}{1}{0}'.format('x', 'y') }} {{ '{a}-{b}'.format(a=1, b=2) }}",
    "{{ '{:>5}|{:<5}|{:^5}|{:*^7}'.format('a', 'b', 'c', 'd') }}", "{{ '{:.2f} {:,} {:05d} {:+} {:x} {:#b} {:e} {:%}'.format(3.14159, 1234567, 42, 3, 255, 5, 12345.678, 0.25) }}",
    "{{ '{:,.2f} {:_} {:10.3f}| {:<8}| {:g} {:.3g} {}'.format(1234567.891, 1000000, 2.5, 3, 1e20, 0.00012345, 1.0) }}", "{{ '{0[name]} {1[a]} {2[0]} {{}} {3!r} {3!s:>4}'.format(rows[0].owner, d, nums, 'q') }}",
    "{{ '{:{}}'.format('x', 4) }}| {{ '{:>{w}}'.format('x', w=3) }} {{ '{:09,}'.format(1234) }} {{ '{:d}'.format(true) }} {{ '{:5}|'.format(true) }}", "{{ 'Straße'.upper() }} {{ 'ÄÖ'.lower() }} {{ 'ß'.casefold() }} {{ 'éa'.capitalize() }} {{ 'ÉCOLE'.title() }}",
    "{{ 'a\\tb'.expandtabs(4) }}| {{ \"they're bill's\".title() }} {{ 'x1y'.title() }}", "{{ (5).bit_length() }} {{ 2.0.is_integer() }} {{ (2.5).is_integer() }}", "{{ '{:.3}'.format('abcdef') }} {{ '{:.3}'.format(1234.5) }} {{ '{:.0f} {:.0f} {:.1f}'.format(0.5, 1.5, 0.25) }}",
])

group("filters-text", [
    "{{ word|upper }} {{ 'ABC'|lower }} {{ 'hello wORLD'|capitalize }} {{ 'foo-bar (baz) x_y'|title }} {{ \"it's a dog's\"|title }}", "{{ 5|upper }} {{ none|lower }} {{ 12|string + 'x' }} {{ [1]|string|length }}",
    "{{ '  a b '|trim }}| {{ 'xxaxx'|trim('x') }}", "{{ 'hello'|center(11) }}| {{ 'ab'|center(5) }}| {{ 'abc'|center(2) }}", "{{ lines|indent }}|{{ lines|indent(2, true) }}|{{ lines|indent(2, false, true) }}|{{ lines|indent('> ', first=true, blank=true) }}",
    "{{ 'foo bar baz qux'|truncate(9) }} {{ 'foo bar baz qux'|truncate(9, true) }} {{ 'foo bar baz qux'|truncate(11) }} {{ 'foo bar baz qux'|truncate(11, false, '...', 0) }} {{ 'abc'|truncate }}", "{{ uni|truncate(8, true, '…', 0) }} {{ 'aaaaaaaaaaaaaaaaa'|truncate(5) }}",
    "{{ 'the quick brown fox jumps over'|wordwrap(10) }}", "{{ 'a verylongwordthatmustbreak here'|wordwrap(8) }}|{{ 'a verylongwordthatmustbreak here'|wordwrap(8, false) }}", "{{ lines|wordwrap(3) }}|{{ 'well-known state-of-the-art thing'|wordwrap(9) }}|{{ 'a b c d'|wordwrap(3, wrapstring='/') }}",
    "{{ 'one two, three! 4 five_six'|wordcount }} {{ ''|wordcount }} {{ 'naïve größe'|wordcount }}", "{{ 'Hello World'|replace('o', '0') }} {{ 'aaaa'|replace('a', 'b', 2) }} {{ 123|replace('2', 'x') }}",
    "{{ '%s-%05.1f'|format('a', 2.25) }} {{ '%(x)s'|format(x=1) }} {{ '%s'|format(none) }}", "{{ word|reverse }} {{ uni|reverse }} {{ nums|reverse|list }}", "{{ 'a b&c/d?é'|urlencode }} {{ {'q': 'a b', 'r': 1}|urlencode }} {{ [('x', 'y/z')]|urlencode }} {{ 5|urlencode }}",
    "{{ '<p>Hello <b>big</b>\\n world &amp; co &#39;x&#39;</p><!-- c -->'|striptags }}", "{{ html|escape }} {{ html|e|e }} {{ html|forceescape }} {{ (html|e)|forceescape }}", "{{ 'x'|string }} {{ 'abc'|length }} {{ uni|count }}",
    "{{ 'abc'|first }} {{ 'abc'|last }} {{ 'abc'|list }} {{ 'abc'|join('-') }}", "{{ {'class': 'a b', 'id': none, 'x': '<'}|xmlattr }}|{{ {'a': 1}|xmlattr(false) }}|{{ {}|xmlattr }}",
    "{{ 'word'|upper|lower|title ~ '!' }} {{ ('a' ~ 'b')|upper }} {{ 'a' ~ 'b'|upper }}", "{{ -5|abs }} {{ (-5)|abs }} {{ 1 + 2|float }}", "{{ 'A-b c'|lower|replace(' ', '_')|replace('-', '_') }}",
])

group("filters-number", [
    "{{ '42'|int }} {{ '42.7'|int }} {{ 'x'|int }} {{ 'x'|int(-1) }} {{ 3.99|int }} {{ -3.99|int }} {{ true|int }} {{ none|int }} {{ '0x1f'|int(base=16) }} {{ '1f'|int(0, 16) }} {{ ' 7 '|int }} {{ '1_000'|int }}",
    "{{ '1.5'|float }} {{ 'x'|float }} {{ 'x'|float(2.5) }} {{ 3|float }} {{ '1e3'|float }} {{ 'inf'|float }} {{ ' 2 '|float }} {{ '-inf'|float }} {{ 'nan'|float }} {{ none|float }}", "{{ 42.55|round }} {{ 42.55|round(1, 'floor') }} {{ 42.55|round|int }} {{ 2.5|round }} {{ 3.5|round }} {{ -2.5|round }} {{ 2.675|round(2) }} {{ 1234|round(-2) }} {{ 5|round }}",
    "{{ 42.51|round(1, 'ceil') }} {{ 7|round(0, 'ceil') }} {{ -1.5|round(method='floor') }} {{ 1250|round(-2) }} {{ 1350|round(-2) }} {{ 1234.5678|round(-2) }}", "{{ -5.5|abs }} {{ (-5)|abs }} {{ (-5.5)|abs }} {{ true|abs }}",
    "{{ 1|filesizeformat }} {{ 0|filesizeformat }} {{ 999|filesizeformat }} {{ 1000|filesizeformat }} {{ 1500000|filesizeformat }} {{ 1024|filesizeformat(true) }} {{ 123456789012|filesizeformat }} {{ '4096'|filesizeformat(binary=true) }} {{ 1e27|filesizeformat }}",
    "{{ nums|sum }} {{ rows|sum(attribute='n') }} {{ rows|sum('n', 10) }} {{ []|sum }} {{ [0.1, 0.2]|sum }} {{ [[1], [2]]|sum(start=[]) }}", "{{ nums|min }} {{ nums|max }} {{ ['b', 'A', 'c']|min }} {{ ['b', 'A', 'c']|max(case_sensitive=true) }} {{ (rows|max(attribute='n')).name }} {{ (rows|min(attribute='at')).name }}",
    "{{ 0.5|round }} {{ 1.5|round }} {{ 1e300|round }} {{ 0.1234567|round(3) }} {{ 99.995|round(2) }}",
])

group("filters-list", [
    "{{ nums|sort }} {{ nums|sort(reverse=true) }} {{ ['b', 'A', 'c']|sort }} {{ ['b', 'A', 'c']|sort(case_sensitive=true) }}", "{{ rows|sort(attribute='name')|map(attribute='name')|list }} {{ rows|sort(attribute='team,n')|map(attribute='name')|join(',') }} {{ rows|sort(true, attribute='owner.name')|map(attribute='owner.name')|list }}",
    "{{ d|dictsort }} {{ d|dictsort(true) }} {{ d|dictsort(false, 'value', true) }}", "{{ ['a', 'A', 'b', 'a']|unique|list }} {{ ['a', 'A', 'b']|unique(true)|list }} {{ rows|unique(attribute='team')|map(attribute='name')|list }}", "{% for g in rows|groupby('team') %}{{ g.grouper }}={{ g.list|map(attribute='name')|join('+') }};{% endfor %}",
    "{% for k, v in rows|groupby('n') %}{{ k }}:{{ v|length }} {% endfor %}{{ (rows|groupby('team', case_sensitive=true))|length }}", "{% for k, v in [{'a': 2}, {}, {'a': 1}]|groupby('a', default=0) %}{{ k }}{{ v }}{% endfor %}", "{{ nums|batch(2)|list }} {{ nums|batch(2, 'x')|list }} {{ []|batch(3)|list }} {{ nums|batch(10, 0)|list }}",
    "{{ nums|slice(2)|list }} {{ nums|slice(3, 'x')|list }} {{ nums|slice(7)|list }}", "{{ nums|first }} {{ nums|last }} {{ nums|length }} {{ d|length }} {{ d|first }} {{ d|list }} {{ (1, 2)|list }}", "{{ nums|join }} {{ nums|join(', ') }} {{ rows|join('/', attribute='name') }} {{ rows|join(', ', 'owner.name') }} {{ mixed|join('|') }}",
    "{{ nums|map('string')|list }} {{ ['a', 'b']|map('upper')|join }} {{ ['1', 'x']|map('int', 7)|list }} {{ rows|map(attribute='owner.mail', default='-')|list }} {{ [{'a': 1}, {}]|map(attribute='a', default='?')|list }} {{ [[1, 2], [3]]|map('first')|list }} {{ [[1, 2], [3]]|map(attribute=0)|list }}",
    "{{ nums|select('odd')|list }} {{ nums|select('gt', 2)|list }} {{ [0, 1, '', 'a']|select|list }} {{ nums|reject('even')|list }} {{ [0, 1, none]|reject|list }} {{ nums|select('in', [1, 2])|list }} {{ nums|select('divisibleby', 2)|list }}", "{{ rows|selectattr('n', 'gt', 1)|map(attribute='name')|list }} {{ rows|rejectattr('tags')|map(attribute='name')|list }} {{ rows|selectattr('owner.mail')|map(attribute='name')|list }} {{ rows|selectattr('owner.mail', 'none')|map(attribute='n')|list }} {{ rows|rejectattr('team', 'equalto', 'core')|map(attribute='n')|list }}",
    "{{ d|items|list }} {{ d.items()|map('first')|list }} {{ d|tojson }}", "{{ nums|reverse|list }} {{ nums|sort|first }} {{ nums|sort|last }} {{ nums|sort|reverse|join(',') }}", "{{ [3, 1]|list + [2] }} {{ (nums|list)[0] }} {{ ('b', 'a')|sort }}", "{{ [true, 1, 1.0, 'x']|unique|list }} {{ [[2, 'b'], [1, 'z']]|sort }} {{ [(1, 'b'), (1, 'a')]|sort }}",
    "{{ mixed|tojson }} {{ {'b': [1, 2.0, 1e20], 'a': html, 'u': uni}|tojson }} {{ rows[0]|tojson(indent=2) }} {{ []|tojson(2) }} {{ '</script>'|tojson }}", "{{ ['x', 'y']|map('replace', 'x', 'z')|list }} {{ [1.25, 2.5]|map('round', 1)|list }} {{ ['a b', 'c']|map('wordcount')|sum }} {{ [3, 1]|map('float')|map('string')|join(' ') }}",
    "{{ rows|map(attribute='tags')|sum(start=[])|join }} {{ rows|map(attribute='tags.0', default='-')|list }}", "{{ undefined_name|default('d') }} {{ d.zzz|default('e') }} {{ ''|default('f') }}| {{ ''|default('g', true) }} {{ none|default('h') }} {{ none|d('i', boolean=true) }} {{ 0|d(5, true) }} {{ undefined_name|default }}|",
    "{{ undefined_name|items|list }} {{ rows[7]|default('none there') }} {{ d|attr('keys') is callable }} {{ d|attr('a')|default('no attr') }}", "{{ [-1, 2]|map('abs')|list }}",
])

group("tests", [
    "{{ 1 is odd }} {{ 2 is odd }} {{ 2 is even }} {{ 9 is divisibleby 3 }} {{ 9 is divisibleby(4) }} {{ 1 is not odd }}", "{{ x is defined }} {{ d is defined }} {{ d.q is defined }} {{ x is undefined }} {{ d.a is undefined }} {{ none is defined }}", "{{ none is none }} {{ 0 is none }} {{ true is boolean }} {{ 1 is boolean }} {{ true is true }} {{ 1 is true }} {{ false is false }} {{ 0 is false }}",
    "{{ 1 is integer }} {{ true is integer }} {{ 1.0 is integer }} {{ 1.0 is float }} {{ 1 is float }} {{ 1 is number }} {{ true is number }} {{ 'x' is number }}", "{{ 'x' is string }} {{ 1 is string }} {{ {} is mapping }} {{ [] is mapping }} {{ [] is sequence }} {{ 'x' is sequence }} {{ 1 is sequence }} {{ {} is sequence }}", "{{ [] is iterable }} {{ 'x' is iterable }} {{ 1 is iterable }} {{ none is iterable }} {{ {} is iterable }} {{ range is callable }} {{ 1 is callable }}",
    "{{ 'abc' is lower }} {{ 'aBc' is lower }} {{ 'ABC' is upper }} {{ '123' is upper }} {{ '' is lower }}", "{{ 1 is eq 1 }} {{ 1 is equalto 2 }} {{ 1 is ne 2 }} {{ 1 is lt 2 }} {{ 2 is gt 1 }} {{ 1 is le 1 }} {{ 1 is ge 2 }} {{ 2 is greaterthan(1) }} {{ 1 is lessthan 1 }}", "{{ 1 is in [1, 2] }} {{ 'a' is in 'abc' }} {{ 5 is not in nums }} {{ 'x' is in(d) }}",
    "{{ 'upper' is filter }} {{ 'nope' is filter }} {{ 'odd' is test }} {{ 'nope' is test }}", "{{ none is sameas none }} {{ true is sameas true }} {{ 1 is sameas true }}", "{{ html is escaped }} {{ html|safe is escaped }} {{ html|e is escaped }}", "{% if nums is sequence and nums|length is gt 3 %}long{% endif %} {{ 'x' if 3 is odd and 4 is even else 'y' }}",
    "{{ not 1 is odd }} {{ (1 is odd) is true }}", "{{ 'a' is string or 1 is string }} {{ d is mapping and 'a' in d }}",
])

group("conditions", [
    "{% if yes %}a{% endif %}{% if no %}b{% endif %}", "{% if no %}a{% elif yes %}b{% else %}c{% endif %}", "{% if no %}a{% elif no %}b{% else %}c{% endif %}", "{% if nums %}x{% endif %}{% if empty %}y{% else %}z{% endif %}{% if nil %}q{% endif %}{% if 0.0 %}r{% endif %}{% if '' %}s{% endif %}", "{% if yes %}{% if no %}1{% else %}2{% endif %}{% endif %}",
    "{% if 1 == 1 and not no %}ok{% endif %}", "{% if 'a' in word or 'i' in word %}ok{% endif %}", "{% if x is defined and x > 1 %}a{% else %}b{% endif %}", "{% if (1, 2) %}t{% endif %}{% if () %}u{% else %}v{% endif %}", "{%if yes%}a{%endif%}", "{% if d.a == 1 %}{{ d.b }}{% endif %}", "{% if yes %}{% set v = 1 %}{% else %}{% set v = 2 %}{% endif %}{{ v }}",
])

group("loops", [
    "{% for x in nums %}{{ x }},{% endfor %}", "{% for x in nums %}{{ loop.index }}/{{ loop.length }}:{{ x }}{% if not loop.last %}; {% endif %}{% endfor %}", "{% for x in nums %}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }} {% endfor %}", "{% for x in empty %}a{% else %}none{% endfor %}", "{% for k, v in d.items() %}{{ k }}={{ v }} {% endfor %}", "{% for k in d %}{{ k }}{% endfor %}",
    "{% for c in 'aé日' %}[{{ c }}]{% endfor %}", "{% for x in nums if x > 1 %}{{ loop.index }}:{{ x }} {% endfor %}", "{% for x in nums if x > 100 %}{{ x }}{% else %}nothing{% endfor %}", "{% for x in range(5) %}{{ x }}{% endfor %} {% for x in range(2, 8, 3) %}{{ x }}{% endfor %} {% for x in range(5, 0, -2) %}{{ x }}{% endfor %}", "{% for x in nums %}{{ loop.cycle('odd', 'even') }} {% endfor %}",
    "{% for a in [1, 2] %}{% for b in [3, 4] %}{{ loop.index }}{{ a }}{{ b }} {% endfor %}{{ loop.index }}|{% endfor %}", "{% for a in [1, 2] %}{% set outer = loop %}{% for b in 'xy' %}{{ outer.index }}{{ loop.index }} {% endfor %}{% endfor %}", "{% for n in tree recursive %}{{ n.t }}{{ loop.depth }}{% if n.kids %}({{ loop(n.kids) }}){% endif %}{% endfor %}", "{% for n in tree recursive %}<{{ loop.depth0 }}{{ n.t }}{{ loop(n.kids) }}{{ loop.index }}/{{ loop.length }}>{% else %}.{% endfor %}",
    "{% for x in [1, 1, 2, 2, 1] %}{{ loop.changed(x) }} {% endfor %}", "{% for x in nums %}{% if loop.previtem is defined %}{{ loop.previtem }}<{% endif %}{{ x }}{% if loop.nextitem is defined %}>{{ loop.nextitem }}{% endif %} {% endfor %}", "{% for a, (b, c) in [(1, (2, 3)), (4, (5, 6))] %}{{ a }}{{ b }}{{ c }} {% endfor %}", "{% for x in (1, 2, 3) %}{{ x }}{% endfor %}{% for x in 1, 2 %}{{ x }}{% endfor %}",
    "{% for r in rows %}{{ r.name }}{% for t in r.tags %}-{{ t }}{% else %}-none{% endfor %} {% endfor %}", "{% for x in [] %}{% endfor %}done", "{% for x in nums|sort %}{{ x }} {% endfor %}", "{% for k, v in d|dictsort %}{{ loop.index }}{{ k }}{{ v }}{% endfor %}", "{% for x in [1, 2, 3] %}{% if loop.first %}first{% elif loop.last %}last{% else %}mid{% endif %} {% endfor %}",
    "{% for x in nums %}{% if x == 2 %}{{ loop.index }}{% endif %}{% endfor %}", "{% for x in [3] %}{{ x }}{% endfor %}{{ x is defined }}", "{% set x = 'outer' %}{% for x in [1, 2] %}{{ x }}{% endfor %}{{ x }}", "{% set y = 0 %}{% for x in [1, 2] %}{{ y }}{% set y = x %}{{ y }}{% endfor %}{{ y }}", "{% for x in [1, 2] %}{% if x == 1 %}{% set z = 'set' %}{% endif %}{{ z is defined }} {% endfor %}",
    "{% for x in [1, 2, 3] %}{{ loop.index is odd }}{{ loop.index0 * 10 }} {% endfor %}", "{% for x in range(3) %}{% for y in range(x) %}{{ x }}{{ y }}{% else %}e{% endfor %} {% endfor %}", "{% for i in range(3) if i is even %}{{ i }}{{ loop.last }} {% endfor %}", "{% for r in rows if r.tags %}{{ r.name }} {% endfor %}", "{% for x in nums[1:3] %}{{ x }} {% endfor %}{% for x in nums[::-1] %}{{ x }} {% endfor %}",
    "{% for x in [1, 2] if x > 1 %}{% for y in [x, 3] if y > x %}{{ y }}{% endfor %}{% endfor %}", "{% for x in 'ab' %}{% for y in 'cd' %}{{ loop.length }}{% endfor %}{{ loop.index }}{% endfor %}",
])

group("set", [
    "{% set x = 1 %}{{ x }}", "{% set x, y = 1, 2 %}{{ x }}{{ y }}", "{% set x = 1, 2 %}{{ x }}", "{% set x %}a{{ 1 }}b{% endset %}{{ x }}|{{ x|length }}", "{% set x | upper %}abc{% endset %}{{ x }}", "{% set x | replace('a', 'b') | upper %}aac{% endset %}{{ x }}", "{% set ns = namespace(n=0) %}{% for x in nums %}{% set ns.n = ns.n + x %}{% endfor %}{{ ns.n }}",
    "{% set ns = namespace() %}{% set ns.found = false %}{% for x in nums %}{% if x == 2 %}{% set ns.found = true %}{% endif %}{% endfor %}{{ ns.found }}", "{% set ns = namespace({'a': 1}, b=2) %}{{ ns.a }}{{ ns.b }}{{ ns['a'] }}", "{% set x = 1 %}{% set x = x + 1 %}{{ x }}", "{% set x = word %}{% set word = 'changed' %}{{ x }} {{ word }}",
    "{% set a = [1, 2] %}{% set a = a + [3] %}{{ a }}", "{% with x = 1, y = 2 %}{{ x }}{{ y }}{% endwith %}{{ x is defined }}", "{% set x = 1 %}{% with %}{% set x = 2 %}{{ x }}{% endwith %}{{ x }}", "{% with a = 1 %}{% with b = a + 1 %}{{ b }}{% endwith %}{% endwith %}", "{% set x = 'o' %}{% with x = 'i', y = x %}{{ x }}{{ y }}{% endwith %}", "{% filter upper %}abc {{ word }}{% endfilter %}", "{% filter replace('a', 'x')|upper %}aab{% endfilter %}",
    "{% set (a, b) = (1, 2) %}{{ a }}{{ b }}", "{% set x = d.a if yes else d.b %}{{ x }}", "{% set x = {'k': [1, {'z': 2}]} %}{{ x.k[1].z }}", "{% set x %}{% for i in [1, 2] %}{{ i }}{% endfor %}{% endset %}[{{ x }}]", "{% set x = 1 %}{% filter upper %}{% set x = 2 %}{{ x }}a{% endfilter %}{{ x }}", "{% set a = 1 %}{% if yes %}{% set a = 2 %}{% endif %}{{ a }}",
    "{% set q = namespace(l=[]) %}{% for x in nums %}{% set q.l = q.l + [x * 2] %}{% endfor %}{{ q.l }}", "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.current }}{{ c.next() }}{{ c.reset() }}{{ c.next() }}", "{% set j = joiner(', ') %}{% for x in nums %}{{ j() }}{{ x }}{% endfor %}{% set k = joiner() %}{{ k() }}{{ k() }}", "{{ dict(a=1, b=2) }} {{ dict([('x', 1)]) }} {{ dict(d, z=1) }} {{ dict() }}",
])

# A namespace's list that grows may do so in place; whoever else has it must not see it grow.
group("collecting", [
    "{% set q = namespace(l=[]) %}{% for x in nums %}{% set before = q.l %}{% set q.l = q.l + [x] %}{{ before }}{% endfor %}{{ q.l }}",
    "{% set q = namespace(l=[1]) %}{% set keep = [q.l] %}{% for x in [2, 3] %}{% set q.l = q.l + [x] %}{% endfor %}{{ keep }}{{ q.l }}",
    "{% set q = namespace(l=[1, 2]) %}{% set q.l = q.l + q.l %}{% set q.l = q.l + q.l %}{{ q.l }}",
    "{% set q = namespace(l=[1, 2, 3]) %}{% for x in q.l %}{% set q.l = q.l + [x * 10] %}{% endfor %}{{ q.l }}",
    "{% set q = namespace(l=[1]) %}{% macro more() %}{% set q.l = q.l + [9] %}{{ q.l | length }}{% endmacro %}{% set q.l = q.l + [more()] %}{{ q.l }}",
    "{% set q = namespace(l=[1]) %}{% set q.l = q.l + [q.l] %}{% set q.l = q.l + [q.l] %}{{ q.l }}",
    "{% set q = namespace(l=(1,)) %}{% for x in [2, 3] %}{% set q.l = q.l + (x,) %}{% endfor %}{{ q.l }}",
    "{% set a = namespace(l=[1]) %}{% set b = namespace(l=a.l) %}{% set a.l = a.l + [2] %}{% set b.l = b.l + [3] %}{{ a.l }}{{ b.l }}",
    "{% set a = namespace(l=[1]) %}{% set b = a %}{% set a.l = b.l + [2] %}{% set b.l = b.l + [3] %}{{ a.l }}",
    "{% set q = namespace(l=[], s='') %}{% for r in rows %}{% set q.l = q.l + [r.name] %}{% set q.s = q.s + r.name %}{% endfor %}{{ q.l }}{{ q.s }}",
    "{% set q = namespace(l=empty) %}{% set q.l = q.l + [1] %}{% set q.l = q.l + [2] %}{{ empty }}{{ q.l }}",
])

group("macros", [
    "{% macro m() %}x{% endmacro %}{{ m() }}{{ m() }}", "{% macro m(a, b=2) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }} {{ m(1, 3) }} {{ m(b=5, a=4) }}", "{% macro m(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}", "{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, x=3) }}", "{% macro m(a) %}{{ a }}{{ varargs|join }}{% endmacro %}{{ m(1, 2, 3) }}", "{% macro m(a) %}{{ a is defined }}{% endmacro %}{{ m() }}",
    "{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}body{% endcall %}", "{% macro m() %}{{ caller(1, 2) }}{% endmacro %}{% call(a, b) m() %}{{ a }}-{{ b }}{% endcall %}", "{% macro m() %}{{ caller(x='k') }}{% endmacro %}{% call(x, y='d') m() %}{{ x }}{{ y }}{% endcall %}", "{% macro m(items) %}{% for i in items %}{{ caller(i) }};{% endfor %}{% endmacro %}{% call(i) m([1, 2]) %}<{{ i }}>{% endcall %}",
    "{% macro fact(n) %}{{ 1 if n < 2 else n * fact(n - 1)|int }}{% endmacro %}{{ fact(5) }}", "{% set x = 1 %}{% macro m() %}{{ x }}{% endmacro %}{% set x = 2 %}{{ m() }}", "{% macro m() %}{% set x = 9 %}{{ x }}{% endmacro %}{{ m() }}{{ x is defined }}", "{% macro a() %}a{% endmacro %}{% macro b() %}{{ a() }}b{% endmacro %}{{ b() }}", "{% macro m(x) %}{{ x|upper }}{% endmacro %}{{ m('a')|lower }}{{ m('b') ~ 'c' }}",
    "{% macro m(a, b) %}{% endmacro %}{{ m.name }} {{ m.arguments }} {{ m.catch_kwargs }} {{ m.catch_varargs }} {{ m.caller }}", "{% macro row(r) %}{{ r.name }}:{{ r.n }}{% endmacro %}{% for r in rows %}{{ row(r) }} {% endfor %}", "{% macro outer() %}{% macro inner(x) %}({{ x }}){% endmacro %}{{ inner(1) }}{% endmacro %}{{ outer() }}", "{% for x in [1, 2] %}{% macro m() %}{{ x }}{% endmacro %}{{ m() }}{% endfor %}",
    "{% macro m(a=[], b={'k': 1}) %}{{ a }}{{ b.k }}{% endmacro %}{{ m() }}{{ m([1]) }}", "{% macro m(x, caller=none) %}{{ x }}{{ caller() if caller else '-' }}{% endmacro %}{{ m(1) }}{% call m(2) %}c{% endcall %}", "{% macro m() %}{{ word }}{% endmacro %}{{ m() }}", "{% macro m(word) %}{{ word }}{% endmacro %}{{ m('local') }}{{ word }}", "{% set args = [1, 2] %}{% macro m(a, b) %}{{ a }}{{ b }}{% endmacro %}{{ m(*args) }}{{ m(**{'a': 3, 'b': 4}) }}",
    "{% macro m(a) %}{% if a > 0 %}{{ a }}{{ m(a - 1) }}{% endif %}{% endmacro %}{{ m(3) }}", "{% macro li(x) %}<li>{{ caller() if x else 'n' }}</li>{% endmacro %}{% call li(true) %}{% call li(false) %}z{% endcall %}{% endcall %}", "{% macro m() -%}\n  a\n{%- endmacro %}[{{ m() }}]", "{% macro m(a, b='x', c=none) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1, c=3) }}",
])

group("whitespace", [
    "a\n", "a\n\n", "\na", "  {% if yes %}  a  {% endif %}  ", "x {%- if yes -%} a {%- endif -%} y", "x {%- if yes %} a {% endif -%} y", "a {{- 1 -}} b", "a\n{{- 1 }}\n{{ 2 -}}\n b", "a {#- c -#} b", "a {# c #} b", "{# {{ x }} {% if %} #}z", "{% raw %}{{ x }} {% if %}{# #}{% endraw %}", "a {%- raw -%} {{ x }} {%- endraw -%} b", "{% raw %}a{% endraw %}b", "<ul>\n{% for x in [1, 2] %}\n  <li>{{ x }}</li>\n{% endfor %}\n</ul>\n", "<ul>\n{%- for x in [1, 2] %}\n  <li>{{ x }}</li>\n{%- endfor %}\n</ul>\n",
    "a\r\nb\rc\n", "{{ 'a' }}\n{{ 'b' }}\n", "{%- if yes -%}\n\n x \n\n{%- endif -%}\n", "\t{{ 1 }}\t", "{{ '}}' }} {{ '{%' }} {{ \"%}\" }}", "{{ {'a': {'b': 1}} }}", "{{ {'a': {'b': 1}}['a']['b']}}", "{ { } } {a} %} }} #}", "a{##}b{# multi\nline #}c", "{{-1}}{{ -1}}", "{{+1}}", "{{ [\n1,\n2\n] }}",
])
LAYOUT = [
    "<ul>\n{% for x in [1, 2] %}\n  <li>{{ x }}</li>\n{% endfor %}\n</ul>\n", "  {% if yes %}\n  a\n  {% endif %}\nb\n", "  {%+ if yes %}\n  a\n  {% endif +%}\nb\n", "a\n  {# comment #}\nb\n", "a {% if yes %} b {% endif %} c\n", "  {{ 1 }}\n  {{ 2 }}\n", "{% set x = 1 %}\n{{ x }}\n", "\n\n  {% if yes %}\n\n  x\n  {% endif %}\n\n", "{% raw %}\n{{ x }}\n{% endraw %}\nz\n", "   {% raw %}\n  {{ x }}\n   {% endraw %}\nz\n",
    "\t{% if yes %}\tx\n\t{%- endif %}\n y\n", "a\n   {%- if yes %}\n b\n {%- endif %}\n", "{% macro m() %}\n x\n{% endmacro %}\n[{{ m() }}]\n", "  {% for x in [1] %}{{ x }}{% endfor %}\n", "x  {% if yes %}\ny\n  {% endif %}  z\n", "{# a #}\n{# b #}\nc\n",
]
group("trim", LAYOUT, trim_blocks=True)
group("lstrip", LAYOUT, lstrip_blocks=True)
group("trim-lstrip", LAYOUT, trim_blocks=True, lstrip_blocks=True)
group("keep", ["a\n", "a\n\n", "{{ 1 }}\n", "\n", "", "a", "{% if yes %}\n{% endif %}\n", "a\r\n"], keep_trailing_newline=True)

group("inherit", [
    {"main": "{% extends 'base' %}{% block a %}child{% endblock %}", "base": "<{% block a %}base{% endblock %}>"}, {"main": "{% extends 'base' %}", "base": "<{% block a %}base{% endblock %}>"}, {"main": "{% extends 'base' %}{% block a %}[{{ super() }}]{% endblock %}", "base": "<{% block a %}base{% endblock %}>"},
    {"main": "{% extends 'mid' %}{% block a %}c{{ super() }}{% endblock %}", "mid": "{% extends 'base' %}{% block a %}m{{ super() }}{% endblock %}", "base": "<{% block a %}b{% endblock %}>"}, {"main": "{% extends 'mid' %}{% block a %}c{{ super.super() }}{% endblock %}", "mid": "{% extends 'base' %}{% block a %}m{% endblock %}", "base": "<{% block a %}b{% endblock %}>"},
    {"main": "{% extends 'base' %}{% block in %}X{% endblock %}", "base": "{% block out %}({% block in %}i{% endblock %}){% endblock %}"}, {"main": "{% extends 'base' %}{% block out %}<{{ super() }}>{% endblock %}{% block in %}X{% endblock %}", "base": "{% block out %}({% block in %}i{% endblock %}){% endblock %}"}, {"main": "{% extends 'base' %}{% set x = 5 %}{% block a %}{{ x }}{% endblock %}", "base": "{% block a %}{% endblock %}{{ x }}"},
    {"main": "{% extends 'base' %}{% macro m() %}mm{% endmacro %}{% block a %}{{ m() }}{% endblock %}", "base": "[{% block a %}{% endblock %}]"}, {"main": "before{% extends 'base' %}after{{ 1 }}{% block a %}x{% endblock %}", "base": "[{% block a %}{% endblock %}]"}, ({"main": "{% extends name %}{% block a %}x{% endblock %}", "base": "[{% block a %}{% endblock %}]"}, {"name": "base"}), {"main": "{% if yes %}{% extends 'base' %}{% endif %}{% block a %}x{% endblock %}", "base": "[{% block a %}{% endblock %}]"},
    {"main": "{% if no %}{% extends 'base' %}{% endif %}{% block a %}x{% endblock %}", "base": "[{% block a %}{% endblock %}]"}, "{% block a %}x{% endblock %}{{ self.a() }}", {"main": "{% extends 'base' %}{% block a %}A{% endblock %}{% block b %}{{ self.a() }}B{% endblock %}", "base": "{% block a %}{% endblock %}{% block b %}{% endblock %}"}, "{% for x in [1, 2] %}{% block a scoped %}{{ x }}{% endblock %}{% endfor %}", {"main": "{% extends 'base' %}{% block a %}<{{ x }}>{% endblock %}", "base": "{% for x in [1, 2] %}{% block a scoped %}{{ x }}{% endblock %}{% endfor %}"},
    {"main": "{% extends 'base' %}{% block a %}{% for i in [1, 2] %}{{ i }}{{ super() }}{% endfor %}{% endblock %}", "base": "{% block a %}b{% endblock %}"}, "{% block a %}{% set x = 1 %}{{ x }}{% endblock %}{{ x is defined }}", "{% set x = 1 %}{% block a %}{{ x }}{% endblock %}", {"main": "{% extends 'base' %}{% block a %}r{% endblock %}", "base": "{% block a required %}{% endblock %}"}, "{% block a %}x{% endblock a %}y",
    {"main": "{% extends 'base' %}{% import 'lib' as l %}{% block a %}{{ l.m() }}{% endblock %}", "base": "[{% block a %}{% endblock %}]", "lib": "{% macro m() %}lib{% endmacro %}"}, {"main": "{% extends 'base' %}{% block b %}{{ super() }}2{% endblock %}{% block a %}1{{ super() }}{% endblock %}", "base": "{% block a %}a{% endblock %}-{% block b %}b{% endblock %}"},
])

group("include", [
    {"main": "a{% include 'x' %}b", "x": "[{{ word }}]"}, {"main": "{% set v = 1 %}{% include 'x' %}", "x": "{{ v }}"}, {"main": "{% for i in [1, 2] %}{% include 'x' %}{% endfor %}", "x": "<{{ i }}>"}, {"main": "{% include 'x' without context %}", "x": "{{ word is defined }}"}, {"main": "{% include 'nope' ignore missing %}ok"}, {"main": "{% include ['nope', 'x'] %}", "x": "found"}, {"main": "{% include ['nope', 'never'] ignore missing %}ok"}, ({"main": "{% include name %}", "x": "dyn"}, {"name": "x"}),
    {"main": "{% include 'x' %}{{ y is defined }}", "x": "{% set y = 1 %}{{ y }}"}, {"main": "{% include 'x' %}", "x": "{% include 'y' %}", "y": "deep {{ word }}"}, {"main": "{% import 'lib' as l %}{{ l.m(1) }}{{ l.v }}", "lib": "{% set v = 'V' %}{% macro m(a) %}<{{ a }}>{% endmacro %}"}, {"main": "{% from 'lib' import m, v as w %}{{ m(1) }}{{ w }}", "lib": "{% set v = 'V' %}{% macro m(a) %}<{{ a }}>{% endmacro %}"}, {"main": "{% import 'lib' as l %}{{ l.m() }}", "lib": "{% macro m() %}{{ word is defined }}{% endmacro %}"},
    {"main": "{% import 'lib' as l with context %}{{ l.m() }}", "lib": "{% macro m() %}{{ word }}{% endmacro %}"}, {"main": "{% set q = 3 %}{% from 'lib' import m with context %}{{ m() }}", "lib": "{% macro m() %}{{ q }}{% endmacro %}"}, {"main": "{% from 'lib' import m %}{{ m() }}", "lib": "{% macro h() %}h{% endmacro %}{% macro m() %}{{ h() }}m{% endmacro %}"}, {"main": "{% from 'lib' import m %}{% call m() %}c{% endcall %}", "lib": "{% macro m() %}[{{ caller() }}]{% endmacro %}"}, {"main": "{% import 'lib' as l %}{{ l.nope is defined }}", "lib": "x"},
    {"main": "{% macro m() %}{% include 'x' %}{% endmacro %}{{ m() }}", "x": "{{ word }}"}, {"main": "{% macro m(p) %}{% include 'x' %}{% endmacro %}{{ m(7) }}", "x": "{{ p }}"}, {"main": "{% with z = 4 %}{% include 'x' %}{% endwith %}", "x": "{{ z }}"}, {"main": "{% for r in rows %}{% include 'x' %}{% endfor %}", "x": "{{ r.name }}{% for t in r.tags %}.{{ t }}{% endfor %};"}, {"main": "{% include 'x' %}", "x": "{% extends 'base' %}{% block a %}inc{% endblock %}", "base": "({% block a %}{% endblock %})"},
    {"main": "{% block a %}{% include 'x' %}{% endblock %}", "x": "{{ word }}"}, {"main": "{% from 'lib' import a, b with context %}{{ a }}{{ b }}", "lib": "{% set a = word %}{% set b = 2 %}"},
])

ESCAPED = [
    "{{ html }}", "{{ html|safe }}", "{{ html|e }}", "{{ html|e|e }}", "{{ html|forceescape }}", "{{ html|safe|forceescape }}", "{{ [html] }}", "{{ '<' ~ '>' }}", "{% set a = '<'|safe %}{{ a ~ '>' }}", "{{ ('<'|safe) + '>' }} {{ '>' + ('<'|safe) }}", "{{ html|upper }} {{ html|safe|upper }}", "{{ ['<', '>'|safe]|join('&') }} {{ ['<', '>']|join('&'|safe) }} {{ ['<', 1]|join('&') }}",
    "{% macro m(x) %}<b>{{ x }}</b>{% endmacro %}{{ m('<') }} {{ m('<'|safe) }} {{ m('a')|upper }}", "{% set x %}<i>{{ html }}</i>{% endset %}{{ x }}", "{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}<u>{{ '<' }}{% endcall %}", "{{ '%s'|format('<') }} {{ '<b>%s</b>'|safe|format('<') }} {{ '<%s>'|safe % '<' }}", "{{ '<b>{}</b>'|safe }} {{ ('<b>{}</b>'|safe).format('<i>') }}", "{{ '<a>'|replace('a', '<') }} {{ ('<a>'|safe)|replace('a', '<') }} {{ '<a>'|replace('a'|safe, '<') }}",
    "{{ 1 }} {{ 1.5 }} {{ none }} {{ true }}", "{{ {'a': '<'} }} {{ {'a': '<'}|tojson }}", "{% autoescape false %}{{ html }}{% endautoescape %}{{ html }}", "{{ {'class': '<', 'x': '&'|safe}|xmlattr }}", "{% filter upper %}<b>{{ '<' }}</b>{% endfilter %}", "{{ html|truncate(9, true, '>', 0) }} {{ html|length }} {{ (html|e)|length }}", "{% for c in '<>' %}{{ c }}{% endfor %}", "{{ ('<'|safe) * 3 }} {{ '<' * 3 }}", "{{ html if yes else '' }} {{ (html|safe)[0:3] }}",
    "{{ ('<p>'|safe).join(['<', 'b'|safe]) }} {{ ', '.join(['<']) }}", "{{ '<'|default('>') }} {{ nope|default('<') }} {{ nope|default('<'|safe) }}", "{{ html|striptags }} {{ html|trim }} {{ html|center(30) }} {{ '<'|indent(2, true) }}", "{% set x = '<' %}{{ x }}{{ x|safe }}", "{{ ['<'|safe, '<'] }}", "{{ html|urlencode }} {{ html|wordcount }}", "{{ '<x>'|title }} {{ '<x>'|safe|title }} {{ ('<x>'|safe).upper() }}", "{% macro a() %}<{% endmacro %}{{ a() ~ '<' }} {{ a() ~ a() }} {{ '<' ~ a() }}", "{{ ('a<b'|e).split('&') }}", "{{ '<'|safe == '<' }} {{ ('<'|e) == '&lt;' }} {{ '<' in ['<'|safe] }}",
]
group("autoescape", ESCAPED, autoescape=True)
group("autoescape-block", [
    "{% autoescape true %}{{ html }}{{ html|safe }}{% endautoescape %}{{ html }}", "{% autoescape true %}{% macro m() %}<{{ '<' }}{% endmacro %}{{ m() }}{% endautoescape %}", {"main": "{% extends 'base' %}{% block a %}{{ html }}{{ super() }}{% endblock %}", "base": "{% block a %}<b>{{ html }}{% endblock %}"}, {"main": "{% include 'x' %}", "x": "<b>{{ html }}"}, {"main": "{% import 'x' as x %}{{ x.m('<') }}", "x": "{% macro m(v) %}<i>{{ v }}</i>{% endmacro %}"},
], autoescape=True)

group("scoping", [
    "{% set x = 1 %}{% for i in [1] %}{% set x = 2 %}{{ x }}{% endfor %}{{ x }}", "{% for i in [1, 2] %}{{ y is defined }}{% set y = i %}{% endfor %}", "{% set x = 0 %}{% for i in [1, 2] %}{% set x = x + i %}{{ x }}{% endfor %}{{ x }}", "{% macro m() %}{{ later }}{% endmacro %}{% set later = 'set later' %}{{ m() }}", "{% set a = 1 %}{% macro m() %}{% set a = 2 %}{{ a }}{% endmacro %}{{ m() }}{{ a }}", "{% for i in [1] %}{% for j in [2] %}{% set k = i + j %}{{ k }}{% endfor %}{{ k is defined }}{% endfor %}",
    "{% set x = 'a' %}{% if yes %}{% for i in [1] %}{{ x }}{% endfor %}{% set x = 'b' %}{% endif %}{{ x }}", "{% for l in [1, 2] %}{{ loop.index }}{% endfor %}", "{% macro m(i) %}{{ i }}{% endmacro %}{% for i in [1, 2] %}{{ m(i * 10) }}{{ i }} {% endfor %}", "{% set f = namespace(x=1) %}{% macro m() %}{% set f.x = f.x + 1 %}{% endmacro %}{{ m() }}{{ m() }}{{ f.x }}", "{% for i in [1, 2] %}{% set ns = namespace(v=i) %}{% for j in [3] %}{% set ns.v = ns.v + j %}{% endfor %}{{ ns.v }}{% endfor %}",
    "{% for x in [1, 2, 3] %}{% with y = x * 2 %}{{ y }}{% endwith %}{% endfor %}{{ y is defined }}", "{% set x = 1 %}{% set y %}{% set x = 2 %}{{ x }}{% endset %}{{ x }}{{ y }}", "{% macro m(x) %}{% for i in x %}{{ i }}{{ caller(i) }}{% endfor %}{% endmacro %}{% set p = '!' %}{% call(v) m([1, 2]) %}{{ v }}{{ p }}{% endcall %}", "{% for i in [1, 2] %}{% macro m() %}{% endmacro %}{{ m is defined }}{% endfor %}{{ m is defined }}", "{% for i in range(2) %}{% for i in range(2) %}{{ i }}{% endfor %}{{ i }}{% endfor %}",
    "{% for a in [[1, [2, 3]], [4, []]] recursive %}{% if a is iterable %}[{{ loop(a) }}]{% else %}{{ a }}{% endif %}{% endfor %}", "{% set x = [1] %}{% for i in x %}{% set x = [5] %}{{ x[0] }}{% endfor %}{{ x[0] }}", "{% set upper = 'v' %}{{ upper|upper }}", "{% with a = 1, b = 2 %}{% set c = a + b %}{{ c }}{% endwith %}{{ c is defined }}",
])

group("precedence", [
    "{{ 1 + 2 == 3 }} {{ not 1 == 2 }} {{ 1 if 2 > 1 else 0 + 5 }}", "{{ 'a' ~ 'b' == 'ab' }} {{ 1 ~ 2 == '12' }}", "{{ -1|abs }} {{ -1.5|round }} {{ 2 * 3|string|length }}", "{{ 1 in [1] == true }} {{ 1 + 1 in [2] }}", "{{ not no or no }} {{ not (no or yes) }}", "{{ nums|length > 3 and nums|first == 3 }}", "{{ 2 + 3 * 4 ** 2 // 5 % 7 }} {{ (2 + 3) * 4 }}", "{{ (d.a + d.b * 2) ~ 'x' }}", "{{ 'x' if nums|length == 5 else 'y' }}", "{{ [1, 2, 3][0] + {'a': 5}.a }}", "{{ 'abc'.upper()|lower }} {{ ('a' + 'b').upper() }}", "{{ 1 < 2 and 2 < 3 or nope }}", "{{ nums[0] + nums[1] * nums[2] - -nums[3] }}", "{{ 7 is odd and 8 is even }} {{ (7 + 1) is even }}", "{{ (yes if yes else no) if yes else no }}",
    "{{ '%d' % 3 + 'x' }} {{ 10 - 4|float }} {{ 'a' in 'abc' and 'd' not in 'abc' }}", "{{ 5 // 2 * 2 + 5 % 2 }} {{ 2 ** 2 * 3 }} {{ -2 ** 2 }} {{ 2 - -2 }}", "{{ [1, 2] + [3] == [1, 2, 3] }} {{ (1, 2) == (1, 2) }}", "{{ x.y.z if x is defined else 'no x' }}", "{{ (nope|default([]))|length }} {{ (nope|default(d)).a }}",
])

# What reports look like.
group("report", [
    "{% for r in rows|sort(attribute='n', reverse=true) -%}\n| {{ r.name|title }} | {{ '%.1f'|format(r.at) }} | {{ r.tags|join(', ') or '–' }} |\n{% endfor %}", "# {{ word|title }}s\n\n{% for team, members in rows|groupby('team') %}\n## {{ team }}\n{% for m in members %}\n- {{ m.name }}{{ ' (' ~ m.owner.mail ~ ')' if m.owner.mail else '' }}\n{%- endfor %}\n{% endfor %}",
    "{%- macro badge(state) -%}\n{%- if state == 'red' -%}🔴{%- elif state == 'yellow' -%}🟡{%- else -%}🟢{%- endif -%}\n{%- endmacro -%}\n{%- for s in ['red', 'yellow', 'green'] %}\n{{ badge(s) }} {{ s }}\n{%- endfor %}\n", "{% set total = rows|sum(attribute='n') %}{% for r in rows %}{{ r.name }}: {{ (r.n / total * 100)|round(1) }} %\n{% endfor %}", "{{ '%-10s|%8s|%6.2f' % (rows[0].name, rows[0].team, rows[0].at) }}", "{% for r in rows %}{{ '{:<10}{:>5,}'.format(r.name, r.n * 1000) }}\n{% endfor %}",
    "{% set ns = namespace(max=0, name='') %}{% for r in rows %}{% if r.n > ns.max %}{% set ns.max = r.n %}{% set ns.name = r.name %}{% endif %}{% endfor %}{{ ns.name }} {{ ns.max }}", "{{ rows|selectattr('tags')|map(attribute='name')|sort|join(' and ') }}", "{% for b in nums|sort|batch(2, '') %}{{ b|join(' ')|trim }}\n{% endfor %}", "{{ lines|wordwrap(3)|indent(2, true) }}",
])

# The undefined value of `x if y` without else is nothing, also under StrictUndefined.
group("nothing", [
    "[{{ 'x' if no }}]{{ [('x' if no)] }}", "{{ ('x' if no)|length }}{{ ('x' if no)|default('d') }}{{ ('x' if no)|list }}{{ ('x' if no)|join(',') }}|{{ ('x' if no)|upper }}|{{ ('x' if no)|e }}",
    "{{ ('x' if no) == ('y' if no) }} {{ ('x' if no) == 1 }} {{ 1 == ('x' if no) }} {{ ('x' if no) != none }} {{ 1 in ('x' if no) }} {{ ('x' if no) in [1] }}",
    "{{ ('x' if no) is defined }} {{ ('x' if no) is none }} {{ ('x' if no) is iterable }} {{ ('x' if no) is sequence }} {{ ('x' if no) is string }} {{ ('x' if no) is mapping }}",
    "{{ 'a' ~ ('x' if no) ~ 'b' }} {{ '%s|' % ('x' if no) }} {{ '{}|'.format('x' if no) }} {{ [('x' if no), 1, ('y' if no)]|join('-') }}", "{{ not ('x' if no) }} {{ ('x' if no) or 'z' }} {{ ('x' if no) and 1 }}| {{ {('x' if no): 1} }}",
    "{% for i in (nope if no) %}{{ i }}{% else %}none{% endfor %}", "{% set x = 'a' if no %}[{{ x }}]{{ x is defined }}{% if x %}y{% else %}n{% endif %}", "{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m('a' if no) }}", "{{ ('x' if no)|sort }}{{ ('x' if no)|unique|list }}{{ 'y' if ('x' if no) }}",
    "{% for r in rows %}{{ r.name }}{{ ', ' if not loop.last }}{% endfor %}",
])

group("format", [
    "{{ '{:_x} {:_b} {:#_X} {:010_x} {:_o}'.format(195998516, 1000, 48879, 195998516, 123456) }}", "{{ '{:,.0E} {:,e} {:,.2E} {:,.1f} {:,}'.format(2e10, 1234567.0, 0.5, 1234567.25, 1e20) }}", "{{ 'nan'|int(7) }} {{ '12.9'|int }} {{ 'x'|int(5) }}", "{{ '%a %a %10a' % (uni, ['ü'], 'é') }} {{ '{!a}'.format('ñ😀') }}",
])

group("letters", [
    "{{ 'ΑΣ'|lower }} {{ 'ΣΑΣ ΑΣΑ Σ Σ.'|lower }} {{ 'ΑΣ'|capitalize }} {{ 'ΑΣ'.title() }} {{ 'ΑΣ\u0301.'.lower() }} {{ 'αΣ'.swapcase() }} {{ 'ΑΣ’Α'.lower() }}", "{{ 'İx'|lower|length }} {{ 'ﬁx ßa'|capitalize }} {{ 'ﬁx ßa ﬃ'.title() }} {{ 'ŉa'|capitalize }}",
    "{{ '²'.isdigit() }} {{ '²'.isdecimal() }} {{ '½'.isdigit() }} {{ '①'.isdigit() }} {{ '٣'.isdigit() }}", "{{ '٣٤'|int }} {{ ' -٣_٤ '|int }} {{ '٣.٥'|float }} {{ '𝟙𝟚'|int }} {{ '７'|int }} {{ '߅'|int }}",
])

group("fill", [
    "{{ '{:<08}|{:>08}|{:^08}|{:=08}|{:08}'.format(5, 5, 5, -5, -5) }}", "{{ '{:<05}|{:>05}|{:^05}|{:05}|{:*<05}'.format('a', 'b', 'c', 'd', 'e') }}", "{{ '{:^010.2f}|{:>09,}|{:<09,}|{:09,}|{:x<09,}'.format(1.5, 1234, 1234, 1234, 1234) }}",
    "{{ ('ab   cd' ~ '  ' * 8 ~ 'e')|wordwrap(3) }}|{{ ('x' * 11)|wordwrap(4) }}|{{ (' ' * 9 ~ 'y')|wordwrap(4) }}|{{ ('a-bb-cc-ddd' * 2)|wordwrap(4) }}|{{ ('abc ' * 3 ~ 'defghijkl')|wordwrap(5) }}",
    "{{ 'aaaa'.count('aa') }} {{ 'abab'.replace('ab', 'x', 1) }} {{ 'abc'.find('c') }} {{ 'abc'.find('') }} {{ 'naïve'.find('v') }} {{ 'abcabc'.find('c', 3) }} {{ 'aXbX'.replace('X', '') }}",
])

# Letters that become several, those that are cased without being letters, and what HTML lets go without its semicolon.
group("special-case", [
    "{% for t in ['ΐ', 'և', 'ẗx', 'ᾳ', 'ᾼ', 'ﬗ', 'ǆ', 'ǅ', 'ŉ', 'ẞß', 'ﬁﬂ'] %}{{ t.upper() }} {{ t.lower() }} {{ t.title() }} {{ t.capitalize() }} {{ t.swapcase() }} {{ t.casefold() }}|{% endfor %}",
    "{% for t in ['Ⅷ', 'ⅷ', 'ª', 'ʰ', 'ⓐ', 'Ⓐ', 'aªb', 'ǅ', 'ა', 'Ა'] %}{{ t.isupper() }} {{ t.islower() }} {{ t.istitle() }} {{ t.title() }} {{ t.swapcase() }} {{ t is upper }} {{ t is lower }}|{% endfor %}",
    "{% for t in ['½', 'Ⅷ', '²', '௧', '𝟘', '𑁦', '_', '٠'] %}{{ t.isnumeric() }} {{ t.isdigit() }} {{ t.isdecimal() }} {{ t.isalnum() }} {{ t.isalpha() }}|{% endfor %}",
    "{{ '&ampb &copy x &notit; &not; &#128; &#x80 &#0; &#x110000; &#1; &#; &#x; & &; &nope; &mdash &mdash; &Aacutex &euro; &lt;b&gt &LT;'|striptags }}",
    "{{ '<!--> x -->y<!-- --><a>&yuml;</a'|striptags }}", "{{ '\\N{EM DASH}\\N{greek small letter alpha}\\N{SNOWMAN}' }}", "{{ 00 }} {{ 0_0 }} {{ 007.5 }} {{ 0e1 }}",
    "{{ none|map('upper')|list }} {{ 0|select('odd')|list }} {{ false|rejectattr('a')|list }} {{ 5 is filter }} {{ 'upper' is filter }} {{ none is test }}",
    "{{ (-0.3)|round(0, 'ceil') }} {{ (-0.3)|round(0, 'floor') }} {{ (-0.3)|round }} {{ 0.3|round(0, 'floor') }} {{ (-0.04)|round(1, 'ceil') }}",
])
