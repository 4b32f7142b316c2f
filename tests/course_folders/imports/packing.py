"""Small packages of our own, written as other systems write them."""

import io
import zipfile

NS = 'xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"'


def packed(files: dict[str, str | bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return content.getvalue()


def manifest(schema: str, contents: str, resources: str, title: str = "Rivers") -> str:
    return f"""<?xml version="1.0"?>
<manifest identifier="m" {NS} xmlns:lom="urn:lom"><metadata><schema>{schema}</schema>
<lom:lom><lom:general><lom:title><lom:string>{title}</lom:string></lom:title></lom:general></lom:lom></metadata>
<organizations><organization><item identifier="top">{contents}</item></organization></organizations>
<resources>{resources}</resources></manifest>"""


def resource(id_: str, type_: str, *paths: str, needs: str = "") -> str:
    files = "".join(f'<file href="{path}"/>' for path in paths)
    need = f'<dependency identifierref="{needs}"/>' if needs else ""
    return f'<resource identifier="{id_}" type="{type_}" href="{paths[0] if paths else ""}">{files}{need}</resource>'


def entry(id_: str, title: str, inner: str = "", refers_to: str = "") -> str:
    reference = f' identifierref="{refers_to}"' if refers_to else ""
    return f'<item identifier="{id_}"{reference}><title>{title}</title>{inner}</item>'


def page(title: str, body: str, state: str = "active") -> str:
    meta = f'<meta name="workflow_state" content="{state}"/>'
    return f"<html><head><title>{title}</title>{meta}</head><body>{body}</body></html>"


def choice_item(ident: str, text: str, kind: str = "multiple_choice_question") -> str:
    return f"""<item ident="{ident}" title="Question"><itemmetadata><qtimetadata><qtimetadatafield>
<fieldlabel>question_type</fieldlabel><fieldentry>{kind}</fieldentry></qtimetadatafield></qtimetadata></itemmetadata>
<presentation><material><mattext texttype="text/html">{text}</mattext></material>
<response_lid ident="r" rcardinality="Single"><render_choice>
<response_label ident="a"><material><mattext>Maas</mattext></material></response_label>
<response_label ident="b"><material><mattext>Rijn</mattext></material></response_label>
</render_choice></response_lid></presentation>
<resprocessing><outcomes><decvar maxvalue="100" varname="SCORE"/></outcomes>
<respcondition><conditionvar><varequal respident="r">a</varequal></conditionvar>
<displayfeedback linkrefid="a_fb"/></respcondition>
<respcondition><conditionvar><varequal respident="r">b</varequal></conditionvar>
<setvar varname="SCORE">100</setvar></respcondition></resprocessing>
<itemfeedback ident="a_fb"><material><mattext>Too short.</mattext></material></itemfeedback>
<itemfeedback ident="general_fb"><material><mattext>Both are long.</mattext></material></itemfeedback></item>"""


def assessment_of(*items: str, title: str = "Quiz") -> str:
    section = f"<section>{''.join(items)}</section>"
    return f'<questestinterop><assessment ident="q" title="{title}">{section}</assessment></questestinterop>'
