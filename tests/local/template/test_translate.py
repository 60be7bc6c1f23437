"""SAM translation and its cache."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.template import translate
from local.template.errors import TemplateError

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: dev}
Globals:
  Function: {Runtime: python3.13, Handler: handler.lambda_handler}
Resources:
  Layer: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layers/shared/}}
  Greet:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: ./functions/greet, FunctionName: !Ref Stage, Layers: [!Ref Layer]}
  Machine: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: infra/machine.asl.json}}
"""


@pytest.fixture(scope="module")
def translated() -> dict[str, Any]:
    return translate.translate(TEMPLATE)


def properties(translated: dict[str, Any], kind: str) -> dict[str, Any]:
    (found,) = (r["Properties"] for r in translated["Resources"].values() if r["Type"] == kind)
    return dict(found)


def test_local_paths_come_back_out(translated: dict[str, Any]) -> None:
    code = properties(translated, "AWS::Lambda::Function")["Code"]
    content = properties(translated, "AWS::Lambda::LayerVersion")["Content"]
    definition = properties(translated, "AWS::StepFunctions::StateMachine")["DefinitionS3Location"]
    assert translate.local_path(code["S3Bucket"], code["S3Key"]) == "functions/greet"
    assert translate.local_path(content["S3Bucket"], content["S3Key"]) == "layers/shared"
    assert translate.local_path(definition["Bucket"], definition["Key"]) == "infra/machine.asl.json"
    assert translate.local_path("a-bucket", "key") is None


def test_a_reference_to_a_parameter_survives_with_the_default_kept(translated: dict[str, Any]) -> None:
    assert properties(translated, "AWS::Lambda::Function")["FunctionName"] == {"Ref": "Stage"}
    assert translated["Parameters"]["Stage"]["Default"] == "dev"


def test_references_follow_a_layer_to_its_new_logical_id(translated: dict[str, Any]) -> None:
    ((layer,),) = ([n for n, r in translated["Resources"].items() if r["Type"] == "AWS::Lambda::LayerVersion"],)
    assert properties(translated, "AWS::Lambda::Function")["Layers"] == [{"Ref": layer}]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Resources: [", "not YAML"),
        ("Outputs: {}", "no Resources"),
        (
            "Resources: {F: {Type: AWS::Serverless::Function, Properties: {CodeUri: ../outside}}}",
            r"Resources\.F.*outside the template's folder",
        ),
        (
            "Resources: {F: {Type: AWS::Serverless::Function, Properties: {CodeUri: x, Colour: red}}}",
            r"SAM refuses(?s:.*)Colour",
        ),
    ],
)
def test_what_is_wrong_with_a_template_is_said(text: str, message: str) -> None:
    with pytest.raises(TemplateError, match=message):
        translate.translate(text)


def test_the_second_load_reads_the_cache_and_imports_no_translator(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE)
    first = translate.load_template(template, tmp_path / "cache")
    program = (
        "import sys; from pathlib import Path; from local.template.translate import load_template;"
        f"found = load_template(Path({str(template)!r}), Path({str(tmp_path / 'cache')!r}));"
        f"assert found == {first!r}; print([m for m in sys.modules if m.split('.')[0] in ('samtranslator', 'boto3', 'yaml')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_another_text_is_translated_anew(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE)
    translate.load_template(template, tmp_path)
    template.write_text(TEMPLATE.replace("Greet:", "Welcome:"))
    assert "Welcome" in translate.load_template(template, tmp_path)["Resources"]


def test_a_cache_that_cannot_be_used_is_no_error(tmp_path: Path) -> None:
    template, blocked = tmp_path / "template.yaml", tmp_path / "file"
    template.write_text(TEMPLATE)
    blocked.write_text("a file where the folder should be")
    assert "Greet" in translate.load_template(template, blocked / "cache")["Resources"]


def test_a_damaged_cache_entry_is_replaced(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE)
    translate.load_template(template, tmp_path)
    (entry,) = tmp_path.glob("template-*.json")
    entry.write_text("{broken")
    assert "Greet" in translate.load_template(template, tmp_path)["Resources"]
    assert "Greet" in entry.read_text()


def test_the_cache_is_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert translate.cache_folder() == tmp_path / "regulars"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative is to be ignored")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert translate.cache_folder() == tmp_path / "home" / ".cache" / "regulars"


def test_a_missing_template_is_said(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="cannot read the template"):
        translate.load_template(tmp_path / "none.yaml")
