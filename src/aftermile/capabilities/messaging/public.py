"""The door of this room."""

from __future__ import annotations

from aftermile.capabilities.messaging.events import (
    MessageFailed,
    MessageFateChanged,
    MessageReplied,
    MessageSent,
    MessageWithheld,
    MessagingChanged,
    ShopperUnsubscribed,
)
from aftermile.capabilities.messaging.explaining import TO_SHOPPER, explain, say_check
from aftermile.capabilities.messaging.links import (
    UNSUBSCRIBE_PATH,
    UnsubscribeLink,
    UnsubscribeLinkUnreadable,
    read_unsubscribe_token,
    unsubscribe_token,
)
from aftermile.capabilities.messaging.operations.cancel import cancel_messages
from aftermile.capabilities.messaging.operations.erase_people import erase_messages
from aftermile.capabilities.messaging.operations.preferences import (
    Preferences,
    PreferencesUnreadable,
    change_preferences,
    preferences,
)
from aftermile.capabilities.messaging.operations.record_receipts import record_receipts
from aftermile.capabilities.messaging.operations.request_messages import Wanted, request_messages
from aftermile.capabilities.messaging.operations.senders import (
    OpenSender,
    SenderUnusable,
    SenderView,
    keep_sender,
    open_senders,
    remove_sender,
    senders,
)
from aftermile.capabilities.messaging.operations.subscribe_browser import (
    subscribe_browser,
    unsubscribe_browser,
)
from aftermile.capabilities.messaging.operations.suppress import Dead, suppress_addresses, unsuppress_address
from aftermile.capabilities.messaging.operations.unsubscribe import unsubscribe
from aftermile.capabilities.messaging.policy import Check, CheckName, Decision, Facts, Verdict, decide
from aftermile.capabilities.messaging.queries import (
    MessageNotFound,
    ReceiptView,
    SuppressionView,
    content,
    export_messages,
    list_messages,
    message,
    messages,
    receipts_of,
    suppressions,
)
from aftermile.capabilities.messaging.rendering import Rendered, Renderer, ToRender, Unrenderable, render_with
from aftermile.capabilities.messaging.sending import Lines, run_turn
from aftermile.capabilities.messaging.settings import (
    MessagingSettings,
    MessagingSettingsUnreadable,
    SplitOrders,
    change_messaging_settings,
    messaging_settings,
    restore_messaging_settings,
)
from aftermile.capabilities.messaging.silence import Trouble, silences
from aftermile.capabilities.messaging.states import Mood, Problem, Purpose, Scope, Status, SuppressedFor
from aftermile.capabilities.messaging.views import MessageView

__all__ = [
    "TO_SHOPPER",
    "UNSUBSCRIBE_PATH",
    "Check",
    "CheckName",
    "Dead",
    "Decision",
    "Facts",
    "Lines",
    "MessageFailed",
    "MessageFateChanged",
    "MessageNotFound",
    "MessageReplied",
    "MessageSent",
    "MessageView",
    "MessageWithheld",
    "MessagingChanged",
    "MessagingSettings",
    "MessagingSettingsUnreadable",
    "Mood",
    "OpenSender",
    "Preferences",
    "PreferencesUnreadable",
    "Problem",
    "Purpose",
    "ReceiptView",
    "Rendered",
    "Renderer",
    "Scope",
    "SenderUnusable",
    "SenderView",
    "ShopperUnsubscribed",
    "SplitOrders",
    "Status",
    "SuppressedFor",
    "SuppressionView",
    "ToRender",
    "Trouble",
    "Unrenderable",
    "UnsubscribeLink",
    "UnsubscribeLinkUnreadable",
    "Verdict",
    "Wanted",
    "cancel_messages",
    "change_messaging_settings",
    "change_preferences",
    "content",
    "decide",
    "erase_messages",
    "explain",
    "export_messages",
    "keep_sender",
    "list_messages",
    "message",
    "messages",
    "messaging_settings",
    "open_senders",
    "preferences",
    "read_unsubscribe_token",
    "receipts_of",
    "record_receipts",
    "remove_sender",
    "render_with",
    "request_messages",
    "restore_messaging_settings",
    "run_turn",
    "say_check",
    "senders",
    "silences",
    "subscribe_browser",
    "suppress_addresses",
    "suppressions",
    "unsubscribe",
    "unsubscribe_browser",
    "unsubscribe_token",
    "unsuppress_address",
]
