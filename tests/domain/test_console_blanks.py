"""Blanks that are left out of the console's scripts, and those that are not."""

import pytest

from regulars.domain.console_blanks import without_blanks


@pytest.mark.parametrize(
    ("written", "served"),
    [
        ("const a = (b, c) => b + c;", "const a=(b,c)=>b+c;"),
        ("return typeof x === 'a b' ? [1, 2] : { c };", "return typeof x==='a b'?[1,2]:{c};"),
        ("a + +b - -c + -d", "a+ +b- -c+-d"),
        ("x = a / b / c;", "x=a/b/c;"),
        (r"m = /a \/ [/ ] b/g.test( y );", r"m=/a \/ [/ ] b/g.test(y);"),
        ('return / "/.test(x) || "a \\" b" in y', 'return/ "/.test(x)||"a \\" b"in y'),
        ("t = `a  ${ b ? `c  ${ { d : 1 }.d }  e` : \"  \" }  \\` f`  + g", "t=`a  ${b?`c  ${{d:1}.d}  e`:\"  \"}  \\` f`+g"),
        ("cost = `$ ${ n } $`;\nnext( );", "cost=`$ ${n} $`;next();"),
        ("async function * all ( ) {\n}", "async function*all(){}"),
        ("all([\na,\nb\n]); // it's {\nif (c) {\nd()\n}\nelse e;\n", "all([a,b]);if(c){d()}\nelse e;"),
        ("html`<a\nb=${ 1 }\nc>\n<i>d\n</i>\n${ `${ e }\n${ f }` }\n<b />`", "html`<a\nb=${1}\nc><i>d\n</i>${`${e}\n${f}`}<b />`"),
        ('html`<a class="x-y" d="e f" g="">`', 'html`<a class=x-y d="e f" g="">`'),
    ],
)  # fmt: skip
def test_blanks_beside_signs_go_and_all_others_stay(written: str, served: str) -> None:
    assert without_blanks(written) == served
