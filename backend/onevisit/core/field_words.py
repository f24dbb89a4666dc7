"""How is a field's error said? Marshmallow's sentences in Chinese, in one place for every schema (house.md: Chinese first)."""

import marshmallow as ma
from marshmallow import fields, validate

NUMBER = {"invalid": "不是有效的数字。", "too_large": "数字太大。"}
LABELS: dict[type, dict[str, str]] = {
    fields.Field: {"required": "必填。", "null": "不能为空。", "validator_failed": "内容不符合要求。"},
    fields.Nested: {"type": "格式不对。"},
    fields.List: {"invalid": "应是一个列表。"},
    fields.Tuple: {"invalid": "应是一个列表。"},
    fields.String: {"invalid": "应是文字。", "invalid_utf8": "文字编码不对（应为 UTF-8）。"},
    fields.UUID: {"invalid_uuid": "编号的格式不对。"},
    fields.Number: NUMBER,
    fields.Integer: {"invalid": "应是整数。"},
    fields.Float: {"special": "不是有效的数字。"},
    fields.Decimal: {"special": "不是有效的数字。"},
    fields.Boolean: {"invalid": "应是“是”或“否”。"},
    fields.DateTime: {
        "invalid": "日期时间的格式不对。", "invalid_awareness": "时区不对。", "format": "{input} 不能写成日期时间。",
    },
    fields.Time: {
        "invalid": "时间的格式不对。", "invalid_awareness": "时区不对。", "format": "{input} 不能写成时间。",
    },
    fields.Date: {
        "invalid": "日期的格式不对。", "invalid_awareness": "时区不对。", "format": "{input} 不能写成日期。",
    },
    fields.TimeDelta: {"invalid": "不是有效的时长。", "format": "{input} 不能写成时长。"},
    fields.Mapping: {"invalid": "应是一组名称和值。"},
    fields.Url: {"invalid": "网址的格式不对。"},
    fields.Email: {"invalid": "电子邮箱的格式不对。"},
    fields.IP: {"invalid_ip": "IP 地址的格式不对。"},
    fields.IPv4: {"invalid_ip": "IP 地址的格式不对。"},
    fields.IPv6: {"invalid_ip": "IP 地址的格式不对。"},
    fields.IPInterface: {"invalid_ip_interface": "IP 地址的格式不对。"},
    fields.IPv4Interface: {"invalid_ip_interface": "IP 地址的格式不对。"},
    fields.IPv6Interface: {"invalid_ip_interface": "IP 地址的格式不对。"},
    fields.Enum: {"unknown": "应是下列之一：{choices}。"},
}  # fmt: skip
VALIDATORS: dict[type, dict[str, str]] = {
    validate.URL: {"default_message": "网址的格式不对。"},
    validate.Email: {"default_message": "电子邮箱的格式不对。"},
    validate.Range: {
        "message_min": "应{min_op} {{min}}。", "message_max": "应{max_op} {{max}}。",
        "message_all": "应{min_op} {{min}}，{max_op} {{max}}。", "message_gte": "不小于", "message_gt": "大于",
        "message_lte": "不大于", "message_lt": "小于",
    },
    validate.Length: {
        "message_min": "太短，至少 {min}。", "message_max": "太长，最多 {max}。", "message_all": "长度应在 {min} 和 {max} 之间。",
        "message_equal": "长度应是 {equal}。",
    },
    validate.Equal: {"default_message": "应是 {other}。"},
    validate.Regexp: {"default_message": "格式不对。"},
    validate.Predicate: {"default_message": "内容不符合要求。"},
    validate.NoneOf: {"default_message": "不能是这个值。"},
    validate.OneOf: {"default_message": "应是下列之一：{choices}。"},
    validate.ContainsOnly: {"default_message": "有不能选的内容。"},
    validate.ContainsNoneOf: {"default_message": "有不能选的内容。"},
}  # fmt: skip
SCHEMA = {"type": "格式不对。", "unknown": "没有这一项。", "invalid": "格式不对。"}


def say_in_chinese() -> None:
    """Give every field, validator and schema made from now on our sentences; said twice it changes nothing."""
    for field, sentences in LABELS.items():
        own = getattr(field, "default_error_messages", {})
        field.default_error_messages = {**own, **sentences}  # type: ignore[attr-defined]
    for validator, sentences in VALIDATORS.items():
        for name, sentence in sentences.items():
            setattr(validator, name, sentence)
    ma.Schema._default_error_messages.update(SCHEMA)
