"""The words of the desk: each list once, with the Chinese a person reads."""

from enum import StrEnum


class Word(StrEnum):
    """A stored word with its Chinese label: `State.CLOSED == "closed"`, `State.CLOSED.label == "已办结"`."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "Word":
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label
        return word


class State(Word):
    """The main states of a ticket, one at a time."""

    SUBMITTED = "submitted", "待受理"
    NEED_INFO = "need_info", "待补正"
    ACCEPTED = "accepted", "待派单"
    DISPATCHED = "dispatched", "待签收"
    HANDLING = "handling", "办理中"
    SUSPENDED = "suspended", "挂起"
    REVIEWING = "reviewing", "办结待审核"
    CALLING_BACK = "calling_back", "待回访"
    CLOSED = "closed", "已办结"
    ARCHIVED = "archived", "已归档"
    REJECTED = "rejected", "不予受理"
    WITHDRAWN = "withdrawn", "已撤单"
    MERGED = "merged", "已并单"
    TERMINATED = "terminated", "终止办理"
    TRANSFERRED = "transferred", "已转出"


class Action(Word):
    """What can be done on a ticket, by the names the API keeps; `workflow.TABLE` says what it moves."""

    SUBMIT = "submit", "提交"
    ASK_INFO = "ask_info", "要求补正"
    SUPPLY_INFO = "supply_info", "补正材料"
    NO_INFO = "no_info", "逾期未补正"
    REJECT = "reject", "不予受理"
    MERGE = "merge", "并单"
    ACCEPT = "accept", "受理"
    ANSWER_DIRECT = "answer_direct", "直接答复"
    DISPATCH = "dispatch", "派单"
    SIGN = "sign", "签收"
    RETURN_APPROVED = "return_approved", "同意退单"
    RETURN_REFUSED = "return_refused", "不同意退单"
    REASSIGN = "reassign", "改派"
    DIFFICULTY_APPROVED = "difficulty_approved", "认定疑难"
    EXTENSION_APPROVED = "extension_approved", "同意延期"
    SUSPEND = "suspend", "挂起"
    RESUME = "resume", "恢复办理"
    SUBMIT_RESULT = "submit_result", "提交办理结果"
    AUDIT_REFUSE = "audit_refuse", "审核退回"
    AUDIT_PASS = "audit_pass", "审核通过"
    CLOSE = "close", "办结"
    REWORK = "rework", "退回重办"
    REOPEN = "reopen", "重新办理"
    ARCHIVE = "archive", "归档"
    WITHDRAW = "withdraw", "撤单"
    TERMINATE = "terminate", "终止办理"
    UNMERGE = "unmerge", "撤销并单"
    TRANSFER = "transfer", "转出"
    TAKE_UP = "take_up", "异议成立，重新受理"
    RECALL = "recall", "收回派单"
    RECORD_CONTACT = "record_contact", "登记联系企业情况"
    DRAFT_RESULT = "draft_result", "拟写办理结果"
    ADD_NOTE = "add_note", "添加备注"
    RECORD_CALL_BACK = "record_call_back", "登记回访"
    PROGRESS = "progress", "向企业通报进展"
    RELAY = "relay", "代为转达"
    CORRECT = "correct", "更正登记内容"
    CONFIRM_ENTERPRISE = "confirm_enterprise", "核实企业"
    PASS_DOWN = "pass_down", "内部转派"
    RULE_DISPUTE = "rule_dispute", "裁定承办单位"
    REMIND = "remind", "催办"
    RECUSE = "recuse", "回避"
    ATTACH = "attach", "上传附件"
    QUALITY_CALL = "quality_call", "登记撤单回访"
    REQUEST = "request", "提出申请"
    SIGN_REQUEST = "sign_request", "签批申请"
    DECIDE_REQUEST = "decide_request", "审批申请"
    ADD_ASSIST = "add_assist", "增加协办单位"
    REPLY_ASSIST = "reply_assist", "回复协办意见"
    WAIVE_ASSIST = "waive_assist", "免除协办"
    REVEAL_CONTACT = "reveal_contact", "查看联系方式"
    PLACE_ORDER = "place_order", "直接督办"
    SEND_BACK_ORDER = "send_back_order", "退回督办回复"
    RECORD_MEASURE = "record_measure", "登记通报或约谈"
    ISSUE_ORDER = "issue_order", "签发督办单"
    DECLINE_ORDER = "decline_order", "不予督办"
    REPLY_ORDER = "reply_order", "回复督办单"
    CLOSE_ORDER = "close_order", "销督办单"
    RATE = "rate", "评价"
    PROPOSE_ARTICLE = "propose_article", "拟为知识文章"
    VERIFY_CASE = "verify_case", "核实差评"
    APPEAL_CASE = "appeal_case", "申诉"
    RULE_APPEAL = "rule_appeal", "裁定申诉"
    MEND_CASE = "mend_case", "提交整改"
    RECHECK_CASE = "recheck_case", "复核整改"
    CONFIRM_CASE = "confirm_case", "确认整改销号"
    NOTE_TRACKED = "note_tracked", "登记挂账进展"
    REPORT_TRACKED = "report_tracked", "申请销账"
    CHECK_TRACKED = "check_tracked", "登记销账回访"
    OBJECT = "object", "提出异议"
    DECIDE_OBJECTION = "decide_objection", "裁定异议"


class Role(Word):
    """The seats at the desk."""

    OPERATOR = "operator", "坐席"
    OUTSOURCED_OPERATOR = "outsourced_operator", "外包坐席"
    DISPATCHER = "dispatcher", "分拨员"
    REVIEWER = "reviewer", "审核回访员"
    SUPERVISOR = "supervisor", "督办员"
    EDITOR = "editor", "知识管理员"
    INSPECTOR = "inspector", "监督检查员"
    ADMINISTRATOR = "administrator", "系统管理员"
    HANDLER = "handler", "承办人"
    LIAISON = "liaison", "联络员"
    DEPUTY = "deputy", "分管负责人"
    LEADER = "leader", "单位负责人"


CENTRE_ROLES = frozenset({Role.OPERATOR, Role.DISPATCHER, Role.REVIEWER, Role.SUPERVISOR})
UNIT_ROLES = frozenset({Role.HANDLER, Role.LIAISON, Role.DEPUTY, Role.LEADER})


class TicketType(Word):
    CONSULT = "consult", "咨询"
    HELP = "help", "求助"
    COMPLAINT = "complaint", "投诉"
    REPORT = "report", "举报"
    SUGGESTION = "suggestion", "建议"
    LEGAL_CHECK_UP = "legal_check_up", "法治体检"


class Channel(Word):
    PHONE = "phone", "电话"
    WEB = "web", "政企直通车"
    MAIL = "mail", "邮件"
    VISIT = "visit", "来访"
    IMPORT = "import", "批量导入"
    RATING = "rating", "差评"


class Difficulty(Word):
    ORDINARY = "ordinary", "一般"
    DIFFICULT = "difficult", "疑难"


class Urgency(Word):
    ROUTINE = "routine", "普通"
    UTILITY = "utility", "水电气热中断"
    DANGER = "danger", "危及人身安全"

    @property
    def is_urgent(self) -> bool:
        """True where the matter does not wait for the opening of business."""
        return self is not Urgency.ROUTINE


class ClockKind(Word):
    """Every running time limit of a ticket, a request, an order or a rectification; the last five are the knowledge base's."""

    ACCEPT = "accept", "受理"
    DISPATCH = "dispatch", "派单"
    SIGN = "sign", "签收"
    HANDLE = "handle", "办理"
    REVIEW = "review", "审核"
    CALL_BACK = "call_back", "回访"
    REQUEST = "request", "审批"
    ORDER_ISSUE = "order_issue", "督办签发"
    ORDER_REPLY = "order_reply", "督办回复"
    VERIFY = "verify", "差评核实"
    RECTIFY = "rectify", "整改"
    RECHECK = "recheck", "整改复核"
    APPEAL = "appeal", "申诉裁定"
    SUPPLY = "supply", "补正"
    ASSIST = "assist", "协办"
    POLICY_ARTICLE = "policy_article", "新政策入库"
    ARTICLE_REVIEW = "article_review", "知识复核"
    ARTICLE_EXPIRY = "article_expiry", "知识到期"
    ERROR_CONFIRM = "error_confirm", "纠错核实"
    ERROR_MEND = "error_mend", "纠错更正"
    TRACK = "track", "挂账"
    TRACK_NOTE = "track_note", "挂账进展"
    TRACK_CHECK = "track_check", "销账回访"
    OBJECTION = "objection", "异议裁定"


ORDER_CLOCKS = frozenset({ClockKind.SIGN, ClockKind.HANDLE, ClockKind.ORDER_REPLY, ClockKind.RECTIFY, ClockKind.TRACK})
UNIT_CLOCKS = ORDER_CLOCKS | {ClockKind.ASSIST, ClockKind.TRACK_NOTE}


class ResultKind(Word):
    SOLVED = "solved", "已解决"
    PARTLY = "partly", "部分解决"
    PROMISED = "promised", "承诺限期解决"
    EXPLAINED = "explained", "解释说明"
    UNTRUE = "untrue", "不属实"
    UNVERIFIABLE = "unverifiable", "无法核实"
    STATUTORY = "statutory", "转法定程序"


class Solved(Word):
    SOLVED = "solved", "已解决"
    PARTLY = "partly", "部分解决"
    UNSOLVED = "unsolved", "未解决"
    NOT_APPLICABLE = "not_applicable", "不适用"


class Satisfaction(Word):
    """The five levels, exactly; the last two are bad."""

    VERY_SATISFIED = "very_satisfied", "非常满意"
    SATISFIED = "satisfied", "满意"
    BASICALLY_SATISFIED = "basically_satisfied", "基本满意"
    DISSATISFIED = "dissatisfied", "不满意"
    VERY_DISSATISFIED = "very_dissatisfied", "非常不满意"

    @property
    def score(self) -> int:
        """5 for 非常满意 down to 1 for 非常不满意."""
        return 5 - list(Satisfaction).index(self)


class Outcome(Word):
    """How a call-back ends; only the first counts as solved."""

    SOLVED = "solved", "已解决"
    UNREACHABLE = "unreachable", "三次联系不上"
    EXPLAINED = "explained", "解释到位"
    NO_REPLY_WANTED = "no_reply_wanted", "无需回复"
    UNRESOLVED = "unresolved", "未能解决"
    ANSWERED = "answered", "直接答复"
    TRACKED = "tracked", "承诺办理，已挂账"


class RequestKind(Word):
    """What waits for a decision beside the state; it hides no state and stops no clock."""

    RETURN = "return", "退单"
    DIFFICULT = "difficult", "认定疑难"
    EXTENSION = "extension", "延期"
    SUSPENSION = "suspension", "挂起"
    REASSIGN = "reassign", "改派"
    TERMINATE = "terminate", "终止办理"
    EXPLAINED = "explained", "按解释到位办结"
    UNRESOLVED = "unresolved", "按未能解决办结"
    REJECT = "reject", "不予受理"
    PROMISED = "promised", "承诺限期解决"
    STATUTORY = "statutory", "转法定程序"


class RequestState(Word):
    """`DRAFTED` waits for the signature of the unit's leader; `LAPSED` had lost its object before it was decided."""

    DRAFTED = "drafted", "待单位签批"
    PENDING = "pending", "待审批"
    APPROVED = "approved", "已同意"
    REFUSED = "refused", "未同意"
    LAPSED = "lapsed", "已失效"


class OrderState(Word):
    DRAFT = "draft", "待签发"
    ISSUED = "issued", "已签发"
    REPLIED = "replied", "已回复"
    CLOSED = "closed", "已销号"
    DECLINED = "declined", "不予督办"


class RectificationState(Word):
    VERIFYING = "verifying", "待核实"
    APPEALED = "appealed", "申诉中"
    RECTIFYING = "rectifying", "整改中"
    RECHECKING = "rechecking", "待复核"
    CLOSED = "closed", "已销号"


class Audience(Word):
    """Who may read a line of the timeline: everyone with the code, the unit, or the centre alone."""

    PUBLIC = "public", "企业"
    UNIT = "unit", "承办单位"
    CENTRE = "centre", "中心"
