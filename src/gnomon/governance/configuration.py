"""What of direction is configuration."""

from __future__ import annotations

from gnomon.records.configuring.declared import Configured

NOTICE_TEXTS = Configured(
    kind="notice_text", key=("notice",), fields=("title", "title_zh", "text", "text_zh"), order=130,
    standing=("in_use",),
    says=("what people are told in words of your own; {gaps} are filled from the record",
          "通知的自定义措辞；{花括号} 中的内容由记录填写"),
)  # fmt: skip
