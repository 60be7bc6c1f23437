"""SAM to CloudFormation, offline, with the result kept on disk.

Importing the translator takes seconds and its answer depends on nothing but the template's text and the translator's version,
so the second start of the same template reads the answer from a cache folder and imports nothing.

Two things make the answer independent of a machine and of parameter values:
* local paths become `s3://local/<path>`, as `sam package` would have made them addresses in a bucket: the bucket name "local"
  means "the folder of the template" to whoever reads the result (`local_path`);
* parameter defaults are hidden from the translator, which would otherwise resolve some references to them for good.
"""

import hashlib
import importlib.metadata
import json
import os
import posixpath
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast

from local.template.errors import TemplateError

LOCAL_BUCKET: Final = "local"
_PATH_PROPERTIES: Final = {
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
    "AWS::Serverless::StateMachine": "DefinitionUri",
    "AWS::Serverless::Application": "Location",
}
_CACHE_FORMAT: Final = "1"


def load_template(path: Path, cache: Path | None = None) -> dict[str, Any]:
    """The CloudFormation of a SAM template: from the cache folder if it is there, else translated and put there.

    A cache folder that cannot be read or written is no error: the translation is done again.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise TemplateError("", f"cannot read the template: {error}") from error
    folder = cache or cache_folder()
    if folder is None:
        return translate(text)
    entry = folder / f"template-{_digest(text)}.json"
    cached = _read(entry)
    if cached is not None:
        return cached
    translated = translate(text)
    _write(entry, translated)
    return translated


def cache_folder() -> Path | None:
    """Where this user's caches of Regulars are (https://specifications.freedesktop.org/basedir-spec/latest/); None if the user has no home."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        return (Path(base) if base.startswith("/") else Path.home() / ".cache") / "regulars"
    except RuntimeError:
        return None


def local_path(bucket: object, key: object) -> str | None:
    """The path, relative to the template, that a translated `S3Bucket`/`S3Key` pair stands for; None for a real bucket."""
    return str(key) if bucket == LOCAL_BUCKET else None


def translate(text: str) -> dict[str, Any]:
    """Translate a SAM template's text; TemplateError lists everything that the translator refuses."""
    from samtranslator.yaml_helper import yaml_parse
    from yaml import YAMLError

    try:
        source = yaml_parse(text)
    except YAMLError as error:
        raise TemplateError("", f"the template is not YAML: {error}") from error
    if not isinstance(source, dict) or not isinstance(source.get("Resources"), dict):
        raise TemplateError("", "the template has no Resources")
    parameters = source.get("Parameters", {})
    source["Parameters"] = {name: _without_default(declared) for name, declared in parameters.items()}
    for logical_id, resource in source["Resources"].items():
        _point_into_local_bucket(logical_id, resource)
    translated = _translate(source)
    translated["Parameters"] = parameters
    return translated


def _translate(source: dict[str, Any]) -> dict[str, Any]:
    import boto3
    from samtranslator.model.exceptions import InvalidDocumentException
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator

    # An empty map of managed policies keeps the translator from asking IAM for them.
    translator = Translator({}, Parser(), boto_session=boto3.session.Session(region_name="us-east-1"))
    try:
        # JSON and back, so that a first start sees exactly what a second one reads from the cache (dates become text).
        return cast(dict[str, Any], json.loads(json.dumps(translator.translate(source, {}), default=str)))
    except InvalidDocumentException as error:
        causes = "\n".join(f"  - {cause.message}" for cause in error.causes)
        raise TemplateError("", f"SAM refuses the template:\n{causes}") from error


def _without_default(declared: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in declared.items() if key != "Default"}


def _point_into_local_bucket(logical_id: str, resource: Any) -> None:
    if not isinstance(resource, dict) or resource.get("Type") not in _PATH_PROPERTIES:
        return
    name = _PATH_PROPERTIES[resource["Type"]]
    properties = resource.get("Properties") or {}
    value = properties.get(name)
    if not isinstance(value, str) or value.startswith("s3://"):
        return
    path = posixpath.normpath(value)
    if posixpath.isabs(path) or path.startswith(".."):
        raise TemplateError(f"Resources.{logical_id}.Properties.{name}", f"{value!r} lies outside the template's folder")
    properties[name] = f"s3://{LOCAL_BUCKET}/{path}"


def _digest(text: str) -> str:
    version = importlib.metadata.version("aws-sam-translator")
    return hashlib.sha256("\0".join([_CACHE_FORMAT, version, text]).encode()).hexdigest()[:32]


def _read(entry: Path) -> dict[str, Any] | None:
    try:
        cached = json.loads(entry.read_bytes())
    except (OSError, ValueError):
        return None
    return cached if isinstance(cached, dict) else None


def _write(entry: Path, translated: dict[str, Any]) -> None:
    """Write beside, then rename: two starts at once both leave a whole file."""
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=entry.parent, suffix=".part", delete=False, encoding="utf-8") as part:
            json.dump(translated, part)
        Path(part.name).replace(entry)
    except OSError:
        return
