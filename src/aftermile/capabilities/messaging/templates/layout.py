"""The one layout of our letters: 600 px and 320 px, light and dark, left to right and right to left.

Colors are the brand's where they carry meaning, and Liquid until a letter is rendered; paper and ink are fixed.
"""

from __future__ import annotations

from aftermile.capabilities.brands.public import Font, compute_theme
from aftermile.capabilities.messaging.templates.phrases import AROUND, in_liquid
from aftermile.kernel.languages import Tongue, msg

_FIXED = compute_theme("#1f5f4a", 14, Font.SYSTEM)
L, D = _FIXED.light, _FIXED.dark
#: Bad news, as on the tracking page: ground, edge and title, in light and dark.
NOTICE = {"ground": "#fdf1de", "edge": "#8a4b00", "dark_ground": "#33260f", "dark_edge": "#ffc069"}

WORDS = {
    "why": msg("Why did I get this?"),
    "preferences": msg("Choose what you hear from us"),
    "unsubscribe": msg("Unsubscribe"),
}

_HEAD = """<mjml lang="{language}" dir="{direction}"><mj-head><mj-title>{subject}</mj-title>\
<mj-preview>{preheader}</mj-preview><mj-attributes>\
<mj-all font-family="{{{{ shop.font }}}}" />\
<mj-section padding="0" text-align="{start}" direction="{direction}" />\
<mj-column padding="0" />\
<mj-text font-size="16px" line-height="1.55" color="{L.ink}" align="{start}" padding="0 20px 14px" />\
<mj-table font-size="16px" line-height="1.45" color="{L.ink}" padding="0" cellpadding="0" />\
<mj-image padding="0 20px 14px" align="{start}" />\
<mj-divider border-width="1px" border-color="{L.line}" padding="10px 20px" />\
<mj-button font-size="16px" font-weight="700" line-height="20px" inner-padding="14px 24px" border-radius="10px" \
padding="6px 20px 22px" align="{start}" background-color="{{{{ shop.colors.accent }}}}" \
color="{{{{ shop.colors.on_accent }}}}" css-class="button" />\
<mj-class name="eyebrow" font-size="14px" color="{L.soft}" padding="0 20px 6px" />\
<mj-class name="headline" font-size="30px" font-weight="700" line-height="1.2" padding="0 20px 14px" />\
<mj-class name="soft" font-size="14px" color="{L.soft}" />\
<mj-class name="card" padding="6px 20px" inner-background-color="{L.card}" inner-border="1px solid {L.line}" \
inner-border-radius="14px" />\
<mj-class name="notice" padding="0 20px 16px" inner-background-color="{N[ground]}" inner-border-radius="10px" \
inner-border-{start}="5px solid {N[edge]}" />\
</mj-attributes><mj-style>{style}</mj-style></mj-head>\
<mj-body width="600px" background-color="{L.paper}" css-class="page">"""

# Classes are inlined for those that know no style sheets; what is in an @media stays in the head.
_STYLE = """\
.page a{{color:{{{{ shop.colors.ink }}}}}}\
.page p{{margin:0 0 10px}}\
@media (max-width:479px){{.headline div{{font-size:26px!important}}.button table{{width:100%!important}}\
.button a{{display:block!important;text-align:center!important}}}}\
@media (prefers-color-scheme:dark){{\
body,.page{{background:{D.paper}!important}}\
.page div,.page td,.page th,.page p{{color:{D.ink}!important}}\
.page .soft,.page .soft div,.page .soft td{{color:{D.soft}!important}}\
.page a{{color:{{{{ shop.colors.dark_ink }}}}!important}}\
.card>table>tbody>tr>td>table{{background:{D.card}!important;border-color:{D.line}!important}}\
.notice>table>tbody>tr>td>table{{background:{N[dark_ground]}!important;border-color:{N[dark_edge]}!important}}\
.page .notice .title{{color:{N[dark_edge]}!important}}\
.page .rule,.page .rule p{{border-color:{D.line}!important}}\
.page .wash{{background:{{{{ shop.colors.dark_wash }}}}!important}}\
.page .dot{{background:{D.card}!important;border-color:{D.line}!important}}\
.page .bar{{background:{D.line}!important}}\
.page .done{{background:{{{{ shop.colors.dark_accent }}}}!important;border-color:{{{{ shop.colors.dark_accent }}}}!important}}\
.page .now{{background:{D.card}!important;border-color:{{{{ shop.colors.dark_accent }}}}!important}}\
.page .plate{{background:{{{{ shop.colors.dark_plate }}}}!important}}\
.page .button td,.page .button a{{background:{{{{ shop.colors.dark_accent }}}}!important;\
color:{{{{ shop.colors.dark_on_accent }}}}!important}}\
}}"""

_TOP = """<mj-section padding="28px 0 30px"><mj-column><mj-text padding="0 20px" font-weight="700" font-size="18px">\
{{% if shop.logo %}}<img src="{{{{ shop.logo.address }}}}" alt="{{{{ shop.logo.alt | default: shop.name }}}}" \
width="{{{{ shop.logo.width }}}}" height="{{{{ shop.logo.height }}}}" class="plate" \
style="display:inline-block;width:{{{{ shop.logo.width }}}}px;height:{{{{ shop.logo.height }}}}px;\
background:{{{{ shop.colors.plate }}}};border-radius:4px" />\
{{% else %}}{{{{ shop.name }}}}{{% endif %}}</mj-text></mj-column></mj-section>"""

_BOTTOM = """<mj-section padding="22px 0 32px" css-class="soft"><mj-column>\
<mj-divider padding="0 20px 18px" css-class="rule" /><mj-text mj-class="soft" padding="0 20px">\
{{% for link in shop.footer_links %}}<a href="{{{{ link.address }}}}">{{{{ link.label }}}}</a> &#160; {{% endfor %}}\
{{% if links.why %}}<a href="{{{{ links.why }}}}">{why}</a> &#160; {{% endif %}}\
{{% if links.preferences %}}<a href="{{{{ links.preferences }}}}">{preferences}</a> &#160; {{% endif %}}\
{{% if links.unsubscribe %}}<a href="{{{{ links.unsubscribe }}}}">{unsubscribe}</a>{{% endif %}}\
<div class="soft" style="padding-top:10px;word-break:break-word">{{{{ shop.name }}}}\
{{% for part in shop.postal_address %}}<br /><bdi>{{{{ part }}}}</bdi>{{% endfor %}}</div>\
</mj-text></mj-column></mj-section></mj-body></mjml>"""

_TEXT_BOTTOM = """

--
{{{{ shop.name }}}}
{{% for part in shop.postal_address %}}{before}{{{{ part }}}}{after}
{{% endfor %}}{{% for link in shop.footer_links %}}{{{{ link.label }}}}: {{{{ link.address }}}}
{{% endfor %}}{{% if links.why %}}{why} {{{{ links.why }}}}
{{% endif %}}{{% if links.preferences %}}{preferences}: {{{{ links.preferences }}}}
{{% endif %}}{{% if links.unsubscribe %}}{unsubscribe}: {{{{ links.unsubscribe }}}}
{{% endif %}}"""


def in_layout(body: str, *, subject: str, preheader: str, tongue: Tongue) -> tuple[str, int]:
    """Put the sections of a letter into the layout: a whole MJML document, and where in it the sections begin."""
    start = "right" if tongue.direction == "rtl" else "left"
    style = _STYLE.format(L=L, D=D, N=NOTICE)
    head = _HEAD.format(
        language=tongue.code,
        direction=tongue.direction,
        start=start,
        subject=subject,
        preheader=preheader,
        style=style,
        L=L,
        N=NOTICE,
    )
    before = head + _TOP.format()
    return before + body + _BOTTOM.format(**_said(tongue, is_html=True)), len(before)


def text_in_layout(text: str, *, tongue: Tongue) -> str:
    """Put the words of a letter's text part above its footer."""
    before, after = AROUND[tongue.direction]
    return text.rstrip() + _TEXT_BOTTOM.format(**_said(tongue, is_html=False), before=before, after=after)


def _said(tongue: Tongue, *, is_html: bool) -> dict[str, str]:
    return {name: in_liquid(sentence, tongue, is_html=is_html) for name, sentence in WORDS.items()}
