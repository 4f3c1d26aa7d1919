"""Every way in which the service says no: one tree, one sentence each, in the words of the person who reads it.

A refusal carries a stable kebab-case `code`, a Chinese `title` and its data as fields. Its one sentence says what is wrong and
then the way out: what can be done now, by whom, or where to look. The families are in `refusal_families`; the classes are
what a person reads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hotline.rules.refusal_families import Conflict as Conflict
from hotline.rules.refusal_families import Limited as Limited
from hotline.rules.refusal_families import Malformed as Malformed
from hotline.rules.refusal_families import NotAllowed as NotAllowed
from hotline.rules.refusal_families import NotSignedIn as NotSignedIn
from hotline.rules.refusal_families import Refusal as Refusal
from hotline.rules.refusal_families import Unavailable as Unavailable
from hotline.rules.refusal_families import Unknown as Unknown


@dataclass(eq=False)
class UnknownTicket(Unknown):
    code = "unknown-ticket"
    title = "没有这张工单"
    way_out = "请核对编号，或向热线中心查询"
    message = "没有这张工单，或者您无权查看"


@dataclass(eq=False)
class UnknownThing(Unknown):
    what: str
    code = "unknown"
    title = "没有找到"
    way_out = "请核对后再试，或从列表中重新打开"
    way_out_here = "请核对后再试，或刷新这一页"
    message = "没有找到{what}"


@dataclass(eq=False)
class LookUpRefused(Unknown):
    """The one answer to "no such ticket" and to "wrong code": nothing is revealed."""

    code = "look-up-refused"
    title = "工单编号或查询码不对"
    way_out = "请核对后再试，或拨打12345查询"


@dataclass(eq=False)
class LinkRefused(Unknown):
    """The one answer to a wrong, a late and a replaced rating link."""

    code = "link-refused"
    title = "这个评价链接无效或已过期"
    way_out = "请凭工单编号和查询码在查询页评价"
    way_out_here = "请在这里填写工单编号和查询码，查到以后评价"


@dataclass(eq=False)
class SignInRequired(NotSignedIn):
    code = "sign-in-required"
    title = "请先登录"
    way_out = "请先登录"
    message = "您还没有登录"


@dataclass(eq=False)
class WrongPassword(NotSignedIn):
    code = "wrong-password"
    title = "账号或密码不对"
    way_out = "请核对后再试，或由系统管理员重设密码"


@dataclass(eq=False)
class SecondFactorNeeded(NotSignedIn):
    staff_id: int = 0
    code = "second-factor-needed"
    title = "这个账号开启了两步验证"
    way_out = "请输入手机上显示的验证码"


@dataclass(eq=False)
class WrongSecondFactor(NotSignedIn):
    code = "wrong-second-factor"
    title = "验证码不对或已经用过"
    way_out = "请等手机显示下一个验证码后再试，或使用一个备用码"


@dataclass(eq=False)
class SecondFactorMissing(NotAllowed):
    code = "second-factor-missing"
    title, way_out = "您的岗位须先开启两步验证", "请在“我的账号”中开启后再办理"
    way_out_here = "请先在这里开启"


@dataclass(eq=False)
class RoleMissing(NotAllowed):
    """`holders`: who may do it, in words."""

    action: str
    holders: str = "有这项权限的岗位"
    code = "role-missing"
    title = "您没有这项权限"
    way_out = "请交由{holders}办理"
    message = "您的岗位不能办理“{action}”"


@dataclass(eq=False)
class OwnWork(NotAllowed):
    """Nobody approves their own request, audits their own result or calls back about their own work."""

    action: str
    code = "own-work"
    title = "本人经办的事项须由他人办理"
    way_out = "请交由同岗位的其他人办理"
    message = "本人经办的事项，不能由本人{action}"


@dataclass(eq=False)
class SecrecyGuard(NotAllowed):
    """A report never reaches the reported unit or a unit below it."""

    unit: str
    code = "secrecy-guard"
    title = "举报件不得转给被举报单位"
    way_out = "请改派其他单位"
    message = "这是举报件，不能派给被举报单位或其下属单位（{unit}）"


@dataclass(eq=False)
class WrongState(Conflict):
    """`allowed_actions` move the ticket on, `allowed_deeds` leave it where it is; both are what this person may do now."""

    action: str
    state: str
    allowed_actions: Sequence[str] = ()
    allowed_deeds: Sequence[str] = ()
    code = "wrong-state"
    title = "当前状态不能这样办理"
    way_out = "您现在可以：{steps}"
    message = "工单现在是“{state}”，不能“{action}”"

    def hint(self) -> str:
        steps = [getattr(step, "label", step) for step in (*self.allowed_actions, *self.allowed_deeds)]
        return self.way_out.format(steps="、".join(steps)) if steps else "请等待其他岗位办理，您现在没有可以办理的步骤"


@dataclass(eq=False)
class Stale(Conflict):
    allowed_actions: Sequence[str] = ()
    code = "stale"
    title = "工单已被他人更新"
    way_out = "请刷新后再办理"
    message = "工单刚刚被他人更新"


@dataclass(eq=False)
class Duplicate(Conflict):
    what: str
    code = "duplicate"
    title = "不能重复提交"
    way_out = "请查看已有的那一项"
    message = "{what}已经有了，不能重复提交"


@dataclass(eq=False)
class KeyReused(Conflict):
    code = "idempotency-key-reused"
    title = "同一幂等键提交了不同内容"
    way_out = "请换一个幂等键再提交"


@dataclass(eq=False)
class SentBefore(Conflict):
    """A form that came once already came again with something else in it: perhaps its answer was lost on the way."""

    code = "sent-before"
    title = "这份表格刚才已经收到过一次，内容和现在的不同"
    way_out = "请核对；确实是另一件事的，再按一次“提交”"


@dataclass(eq=False)
class WindowClosed(Conflict):
    what: str
    code = "window-closed"
    title = "已过期限"
    way_out = "确需办理的，请联系热线中心督办员"
    message = "{what}的期限已过"


@dataclass(eq=False)
class ConditionUnmet(Conflict):
    """The state allows the step, one of its conditions does not hold yet."""

    reason: str
    code = "condition-unmet"
    title = "条件尚未具备"
    way_out = "现在可以办理的步骤见该事项的页面"
    way_out_here = "请在条件具备后再办理"
    message = "{reason}"


@dataclass(eq=False)
class InvalidInput(Malformed):
    """Each wrong place by its JSON pointer, with a sentence."""

    errors: Mapping[str, str] = field(default_factory=dict)
    code = "invalid-input"
    title = "填写内容有误"
    way_out = "请改正后再提交"

    def problem(self) -> str:
        return "；".join(dict.fromkeys(self.errors.values())) or self.title

    def pointers(self) -> Mapping[str, str]:
        return self.errors


@dataclass(eq=False)
class MalformedCreditCode(Malformed):
    reason: str
    code = "malformed-credit-code"
    title = "统一社会信用代码不对"
    way_out = "请对照营业执照核对"
    message = "统一社会信用代码不对：{reason}"

    def pointers(self) -> Mapping[str, str]:
        return {"/enterprise/credit_code": self.sentence()}


@dataclass(eq=False)
class BadFile(Malformed):
    reason: str
    code = "bad-file"
    title = "文件不能读取"
    way_out = "请改正文件后再导入"
    message = "文件不能读取：{reason}"


@dataclass(eq=False)
class DateOutOfRange(Malformed):
    first: int
    last: int
    code = "date-out-of-range"
    title = "日期太早或太远"
    way_out = "请核对日期"
    message = "日期太早或太远，期限只能在{first}年至{last}年之间计算"


@dataclass(eq=False)
class TooManyAttempts(Limited):
    """`wait`: after what time it may be tried again, in words."""

    wait: str = "稍后"
    code = "too-many-attempts"
    title = "尝试次数过多"
    way_out = "请{wait}再试"


@dataclass(eq=False)
class ScannerSilent(Unavailable):
    code = "scanner-silent"
    title = "病毒扫描暂时不可用，附件未保存"
    way_out = "请稍后再上传"


@dataclass(eq=False)
class StorageFull(Unavailable):
    code = "storage-full"
    title = "附件暂时不能保存"
    way_out = "请稍后再上传，并告知系统管理员检查磁盘"


@dataclass(eq=False)
class StorageSilent(Unavailable):
    code = "storage-silent"
    title = "附件暂时读不到"
    way_out = "请稍后再试，并告知系统管理员检查附件目录"


@dataclass(eq=False)
class DatabaseUnavailable(Unavailable):
    """What was being done may have been kept or not: the answer of the commit was lost with the connection."""

    code = "database-silent"
    title = "数据库暂时不能访问"
    way_out = "请稍后再试，再次提交前请先查看刚才的操作是否已经保存"


@dataclass(eq=False)
class CalendarNotPublished(Unavailable):
    year: int
    code = "calendar-not-published"
    title = "节假日安排尚未公布"
    way_out = "请系统管理员导入该年的安排后再办理"
    message = "{year}年的节假日安排尚未公布，不能准确计算期限"
