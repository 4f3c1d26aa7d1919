"""The coded grounds of what is asked for, refused, rated badly, ended early or held against a unit, each with its Chinese."""

from hotline.rules.vocabulary import Word


class ReturnReason(Word):
    """Why a unit says that a matter is not its own."""

    NOT_OUR_DUTY = "not_our_duty", "不属于本单位职责"
    WRONG_AREA = "wrong_area", "不属于本单位管辖区域"
    WRONG_FACTS = "wrong_facts", "登记内容有误，无法据以办理"


class DifficultGround(Word):
    SEVERAL_UNITS = "several_units", "涉及多个单位"
    TESTING = "testing", "需要检验、检测或鉴定"
    UNCLEAR_POLICY = "unclear_policy", "政策不明确，需要请示"
    WORKS = "works", "需要工程施工或现场整治"
    HISTORY = "history", "历史遗留问题"


class SuspensionReason(Word):
    TESTING = "testing", "检验、检测或鉴定"
    HEARING = "hearing", "听证"
    MATERIAL = "material", "等待企业补充材料"
    COURT = "court", "等待法院或复议结果"
    FORCE_MAJEURE = "force_majeure", "不可抗力"


class TerminationGround(Word):
    COURT = "court", "已进入诉讼"
    REVIEW = "review", "已进入行政复议"
    ARBITRATION = "arbitration", "已进入仲裁"
    NOT_COOPERATING = "not_cooperating", "企业不配合办理"


class RejectReason(Word):
    OUT_OF_SCOPE = "out_of_scope", "不属于热线受理范围"
    IN_COURT = "in_court", "已进入诉讼、复议或仲裁"
    OTHER_CHANNEL = "other_channel", "应由信访、纪检监察等渠道处理"
    NO_FACTS = "no_facts", "没有具体事实"
    ANSWERED = "answered", "已办结并答复，没有新的事实"


class Receiver(Word):
    """To whom a matter is handed that is another line's."""

    POLICE = "police", "110报警服务台"
    LEGAL_AID = "legal_aid", "12348法律服务热线"
    DISCIPLINE = "discipline", "12388纪检监察举报电话"
    PETITION = "petition", "信访部门"
    OTHER_CITY = "other_city", "外地12345"
    OTHER = "other", "其他"


class CallResult(Word):
    """What became of a call at the line; `LEFT`: the operator went on to the next without saying."""

    OPEN = "open", "通话中"
    TICKET = "ticket", "登记工单"
    CONSULTED = "consulted", "当场解答"
    WRONG_NUMBER = "wrong_number", "打错电话"
    DROPPED = "dropped", "通话中断"
    NUISANCE = "nuisance", "无声或骚扰"
    LEFT = "left", "未登记结果"


class Fault(Word):
    """Why a review refuses a result; the last two buy the unit no time at all."""

    INCOMPLETE = "incomplete", "答复不完整"
    NO_GROUND = "no_ground", "依据不足"
    NOT_CONTACTED = "not_contacted", "未联系企业"
    PERFUNCTORY = "perfunctory", "敷衍"
    FALSE = "false", "不实"


class RecallReason(Word):
    """Why the centre takes a dispatch back that nobody has signed for."""

    WRONG_UNIT = "wrong_unit", "派错单位"
    NOBODY_SIGNS = "nobody_signs", "该单位无人签收"
    NEW_FACTS = "new_facts", "情况有变化，须重新分拨"
    DUTY_CHANGED = "duty_changed", "职责已调整"
    OTHER = "other", "其他"


class DispatchEnd(Word):
    """How a dispatch ended before its ticket did."""

    RETURNED = "returned", "退单"
    REASSIGNED = "reassigned", "改派"
    OBJECTED = "objected", "异议成立"
    RECALLED = "recalled", "收回"
    MERGED = "merged", "并单"
    SUCCEEDED = "succeeded", "由承接单位接办"


class Measure(Word):
    """The two steps above a supervision order."""

    CIRCULAR = "circular", "通报"
    INTERVIEW = "interview", "约谈"


class Finding(Word):
    """What the centre's verification of a bad rating found."""

    TRUE = "true", "属实"
    PARTLY = "partly", "部分属实"
    UNTRUE = "untrue", "不属实"
    MISTAKEN = "mistaken", "误评"
    MALICIOUS = "malicious", "恶意评价"
