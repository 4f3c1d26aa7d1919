"""The administration of the house: its deeds by name, who does them at the console, and that somebody is always left for them."""

from collections.abc import Collection
from dataclasses import dataclass

from hotline.rules.actors import Actor, Grant
from hotline.rules.permissions import check_role
from hotline.rules.refusals import ConditionUnmet
from hotline.rules.vocabulary import Role, Word

CONSOLE = Actor(name="命令行", grants=(Grant(Role.ADMINISTRATOR, "/"),))
"""Whoever may run the commands on the machine itself; it has no account that could be disabled."""

SEATS = (Role.LIAISON, Role.DEPUTY, Role.LEADER)
"""The seats by which a unit is reached: 联络员, 分管负责人, 单位负责人."""


class AdminDeed(Word):
    """What changes who works here, where, and by which calendar; each leaves a line in the log."""

    HIRE = "hire", "新增账号"
    CHANGE_PERSON = "change_person", "更改账号资料"
    GRANT_ROLE = "grant_role", "授予岗位"
    WITHDRAW_ROLE = "withdraw_role", "收回岗位"
    SET_PASSWORD = "set_password", "重设密码"
    RESET_SECOND_FACTOR = "reset_second_factor", "关闭两步验证"
    DISABLE = "disable", "停用账号"
    ENABLE = "enable", "恢复账号"
    GRANT_TOKEN = "grant_token", "签发接口令牌"
    GRANT_CHANNEL_TOKEN = "grant_channel_token", "签发渠道令牌"
    SET_DUTY_PHONE = "set_duty_phone", "更改值班电话"
    CLOSE_UNIT = "close_unit", "停用单位"
    REOPEN_UNIT = "reopen_unit", "恢复单位"
    IMPORT_YEAR = "import_year", "导入放假安排"
    CHANGE_DAY = "change_day", "更改日历"
    RESEND = "resend", "重新发送消息"
    RENAME_ENTERPRISE = "rename_enterprise", "企业更名"
    MERGE_ENTERPRISES = "merge_enterprises", "合并企业"
    SPLIT_ENTERPRISE = "split_enterprise", "撤销合并企业"


@dataclass(frozen=True, slots=True)
class AdministrationRules:
    """`unused_days`: calendar days without a sign-in after which an account is named to the administrator."""

    unused_days: int


def check_administers(actor: Actor, deed: AdminDeed) -> None:
    """Refuses `RoleMissing` to everybody but an administrator."""
    check_role(actor, Role.ADMINISTRATOR, deed.label)


def check_somebody_stays(actor: Actor, staff_id: int, administrators: Collection[int], deed: AdminDeed) -> None:
    """Refuses to take the administration from oneself, or from the last who holds it (`administrators`: the active ones)."""
    if actor.staff_id == staff_id:
        raise ConditionUnmet(f"不能对本人的账号“{deed.label}”，请由其他系统管理员办理")
    if set(administrators) == {staff_id}:
        raise ConditionUnmet("这是最后一位在用的系统管理员，请先另设一位系统管理员")
