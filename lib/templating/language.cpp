#include "templating/language.hpp"

#include <array>

namespace sitrep::templating {
namespace {

constexpr auto k_features = std::to_array<LanguageFeature>({
    {"output", "{{ 1 + 1 }}", "2"},
    {"comments", "a{# not printed #}b", "ab"},
    {"white-space control", "a {{- 1 -}} b", "a1b"},
    {"raw", "{% raw %}{{ x }}{% endraw %}", "{{ x }}"},
    {"literals: texts, integers, floats, true, false, none, lists, tuples, dicts",
     "{{ [1, 2.5, 'x', true, none, (1, 2), {'a': 1}] | length }}", "7"},
    {"arithmetic: + - * / // % **", "{{ 7 // 2 }} {{ -7 % 3 }} {{ 2 ** 10 }}", "3 2 1024"},
    {"comparison, also chained: == != < <= > >= in, not in", "{{ 1 < 2 < 3 and 2 in [1, 2] }}", "True"},
    {"logic: and or not, a if b else c", "{{ 'yes' if not false else 'no' }}", "yes"},
    {"texts side by side: ~", "{{ 'n = ' ~ 9 }}", "n = 9"},
    {"members and slices, from the end too", "{{ {'a': [1, 2, 3]}.a[-2:] }}", "[2, 3]"},
    {"filters with arguments, filter blocks", "{% filter upper %}{{ [1, 2] | join(', ') }}a{% endfilter %}", "1, 2A"},
    {"tests", "{{ 4 is divisibleby 2 and x is not defined }}", "True"},
    {"if, elif, else", "{% if false %}a{% elif true %}b{% endif %}", "b"},
    {"for with filter, else, recursive; loop.index, .first, .last, .previtem, .cycle(), .changed() …",
     "{% for i in [1, 2, 3] if i > 1 %}{{ loop.index }}:{{ i }} {% else %}none{% endfor %}", "1:2 2:3 "},
    {"set, also as a block; namespace",
     "{% set n = namespace(sum=0) %}{% for i in [1, 2] %}{% set n.sum = n.sum + i %}{% endfor %}{{ n.sum }}", "3"},
    {"with", "{% with a = 1 %}{{ a }}{% endwith %}", "1"},
    {"macro with defaults, varargs, kwargs; call and caller",
     "{% macro m(a, b=2) %}{{ a }}{{ b }}{{ caller() }}{% endmacro %}{% call m(1) %}x{% endcall %}", "12x"},
    {"include, also of a list and ignore missing", "{% include 'nothing' ignore missing %}ok", "ok"},
    {"import and from … import, with and without context; extends, block, super(), scoped, required",
     "{% block a %}b{% endblock %}", "b"},
    {"autoescape blocks", "{% autoescape false %}{{ '<' }}{% endautoescape %}", "<"},
    {"methods of texts and dicts that only read", "{{ 'a b'.title() }} {{ {'a': 1}.get('b', 0) }}", "A B 0"},
    {"% and format() of texts", "{{ '%03d' % 7 }} {{ '{:>4}'.format('x') }}", "007    x"},
    {"do, break, continue, debug: extensions of Jinja", "{% do 1 %}", "set; a filter of the for", false},
    {"trans and i18n", "{% trans %}a{% endtrans %}", "write the words", false},
    {"line statements", "{% if true %}# for i in x{% endif %}{{ line_statement }}", "block tags", false},
    {"lists and dicts that change: append, update, pop", "{{ [1].append(2) }}",
     "set list = list + [item], with a namespace inside loops", false},
    {"several members of a namespace at once", "{% set n = namespace() %}{% set n.a, n.b = 1, 2 %}", "one set for each",
     false},
    {"integers beyond 64 bits", "{{ 2 ** 64 }}", "2.0 ** 64, a float", false},
    {"complex numbers, sets, comprehensions, lambda", "{{ [x for x in [1]] }}", "map, select, groupby", false},
    {"the filters pprint, random and urlize", "{{ [1] | random }}", "tojson, first, link", false},
    {"the function lipsum", "{{ lipsum() }}", "nothing", false},
    {"names with underscores in front: __class__", "{{ 'a'.__class__ }}", "type tests: is string, is number …", false},
    {"undefined names (Jinja prints nothing)", "{{ nothing_sets_this }}", "default, is defined", false},
});

}  // namespace

std::span<const LanguageFeature> language_features() { return k_features; }

}  // namespace sitrep::templating
