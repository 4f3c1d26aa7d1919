"""What happened and what people are told, as Chinese sentences."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from hotline.queries.formatting import instant
from hotline.rules.accounts.sign_in import AccountChange
from hotline.rules.deadlines.ladder import STEP_LABELS
from hotline.rules.handling.tracking import TrackState
from hotline.rules.reason_codes import (
    DifficultGround,
    DispatchEnd,
    Fault,
    Finding,
    Measure,
    RecallReason,
    SuspensionReason,
)
from hotline.rules.tickets.objection import ObjectionState
from hotline.rules.vocabulary import (
    Channel,
    ClockKind,
    Outcome,
    RequestKind,
    RequestState,
    ResultKind,
    Satisfaction,
    Solved,
)

Data = dict[str, Any]


FIELDS: dict[str, str] = {
    "title": "标题",
    "content": "内容",
    "category": "事项类别",
    "district": "属地",
    "target_unit": "被反映单位",
    "confidential": "保密",
    "enterprise": "企业",
    "contact": "联系人",
}


def _at(text: str) -> str:
    return (instant(datetime.fromisoformat(text)) or "")[:16].replace("T", " ")


def _called_back(data: Data) -> str:
    if not data["connected"]:
        return "回访未接通"
    if data["solved"] is None:
        return "回访已接通，企业表示无需回复"
    return f"回访已接通：{Solved(data['solved']).label}，{Satisfaction(data['satisfaction']).label}"


def _refused(data: Data) -> str:
    back = f"，退还审核占用的{data['given_back']}个工作日" if data["given_back"] else ""
    return f"审核退回（{Fault(data['fault']).label}）：{data['remark']}{back}，{_at(data['due_at'])}到期"


def _decided(data: Data) -> str:
    return f"申请{RequestKind(data['kind']).label}：{RequestState(data['state']).label}。{data['reason']}"


def _error_found(data: Data) -> str:
    mended = {"mended": "已更正", "confirmed": "属实，正在更正", "dismissed": "经核实不属实"}[data["state"]]
    version = f"（第{data['version']}版）" if data["version"] else ""
    return f"您报告的错误{mended}{version}"


def _dispatched(data: Data) -> str:
    # Lines of older tickets know no assisting units.
    helped = f"，协办：{'、'.join(data['assisting'])}" if data.get("assisting") else ""
    ruled = "（依裁定，不得退单）" if data.get("designated") else ""
    return f"派单至{data['unit']}{ruled}{helped}" + (f"：{data['remark']}" if data["remark"] else "")


def _tracked(data: Data) -> str:
    body = f"，由{data['body']}决定" if data["body"] else ""
    return f"{ResultKind(data['result']).label}：{data['until']}前{body}，已挂账跟踪"


def _checked(data: Data) -> str:
    if not data["connected"]:
        return "未接通"
    return "企业确认已完成" if data["done"] else "企业表示未完成"


def _extended(data: Data) -> str:
    span = f"{24 * data['days']}小时" if data.get("on_the_wall") else f"{data['days']}个工作日"
    return f"延期{span}，{_at(data['due_at'])}到期：{data['reason']}"


def _imported(data: Data) -> str:
    said = [f"原编号 {data['source_no']}"]
    if "unit" in data:
        said.append(f"原系统的承办单位 {data['unit']}，供派单参考")
    if "satisfaction" in data:
        said.append(f"原系统的满意度 {Satisfaction(data['satisfaction']).label}")
    return f"导入（{'；'.join(said)}）"


SENTENCES: dict[str, Callable[[Data], str]] = {
    "submitted": lambda d: f"收到诉求（{Channel(d['channel']).label}）",
    "imported": _imported,
    "accepted": lambda d: "受理",
    "answered_direct": lambda d: "直接答复并办结" + ("（未引用知识库）" if d["free"] else f"（依据 {d['article']}）"),
    "dispatched": _dispatched,
    "signed": lambda d: "签收" + ("（超期）" if d["late"] else ""),
    "handle_started_unsigned": lambda d: f"超期未签收，办理时限自动起算，{_at(d['due_at'])}到期",
    "handle_start_withdrawn": lambda d: "签收时限顺延，自动起算的办理时限撤销，从签收时起算",
    "contact_recorded": lambda d: f"已联系企业：{d['summary']}",
    "noted": lambda d: f"备注：{d['text']}",
    "result_drafted": lambda d: f"拟写办理结果（{ResultKind(d['kind']).label}）",
    "result_submitted": lambda d: f"提交办理结果（{ResultKind(d['kind']).label}）" + ("，超期" if d["late"] else ""),
    "result_refused": _refused,
    "result_passed": lambda d: "办理结果审核通过，已答复企业",
    "called_back": _called_back,
    "call_back_booked": lambda d: f"企业预约{_at(d['booked_for'])}回访" + (f"：{d['remark']}" if d["remark"] else ""),
    "requested": lambda d: f"申请{RequestKind(d['kind']).label}：{d['reason']}",
    "request_decided": _decided,
    "closed": lambda d: "办结" + (f"（{Outcome(d['outcome']).label}）" if d["outcome"] else ""),
    "reworked": lambda d: f"退回重办（第{d['round']}轮），{_at(d['due_at'])}到期：{d['reason']}",
    "rated": lambda d: f"企业评价：{Satisfaction(d['level']).label}",
    "rectification_opened": lambda d: f"差评整改立案 {d['case']}",
    "escalated": lambda d: f"{ClockKind(d['clock']).label}时限{STEP_LABELS[d['step']]}（{_at(d['due_at'])}到期）",
    "order_drafted": lambda d: f"拟发督办单 {d['order']}",
    "order_issued": lambda d: f"签发督办单 {d['order']}：{d['demand']}",
    "order_declined": lambda d: f"不予督办 {d['order']}：{d['reason']}",
    "order_lapsed": lambda d: f"督办单 {d['order']} 草稿失效：时限已顺延，不再超期",
    "order_replied": lambda d: f"回复督办单 {d['order']}：{d['reply']}",
    "order_closed": lambda d: f"督办单 {d['order']} 销号：{d['reason']}",
    "due_moved": lambda d: f"节假日安排变更，{ClockKind(d['clock']).label}时限由{_at(d['old'])}改为{_at(d['new'])}",
    "archived": lambda d: "归档",
    "request_drafted": lambda d: f"拟申请{RequestKind(d['kind']).label}，待负责人签批",
    "request_dropped": lambda d: f"未签批{RequestKind(d['kind']).label}申请：{d['reason']}",
    "returned": lambda d: "退单，重新派单",
    "reassigned": lambda d: "改派，重新派单",
    "recalled": lambda d: (
        f"收回派单（{RecallReason(d['code']).label}）：{d['reason']}" + ("，签收已超期" if d["late"] else "")
    ),
    "handed_over": lambda d: f"{d['unit']}停用，{'、'.join(d['moved'])}由{d['successor']}接办，时限不变",
    "withheld": lambda d: f"{d['unit']}停用，这件举报涉及承接单位{d['successor']}，不随之移交，由督办员处理",
    "ruled": lambda d: f"裁定由{d['unit']}承办：{d['ground']}",
    "difficulty_approved": lambda d: f"认定为疑难（{DifficultGround(d['ground']).label}），{_at(d['due_at'])}到期",
    "extended": _extended,
    "suspended": lambda d: f"暂停办理（{SuspensionReason(d['ground']).label}），至{_at(d['until'])}",
    "resumed": lambda d: "恢复办理",
    "rejected": lambda d: f"不予受理：{d['ground']}。{d['path']}",
    "terminated": lambda d: f"终止办理：{d['ground']}。{d['path']}",
    "transferred": lambda d: f"转由{d['receiver']}处理：{d['path']}",
    "withdrawn": lambda d: "企业撤回诉求" + (f"：{d['reason']}" if d["reason"] else ""),
    "not_supplied": lambda d: f"逾期未补正，终止办理：{d['remark']}",
    "info_asked": lambda d: "请企业补正：" + "；".join(d["gaps"]),
    "info_supplied": lambda d: "企业已补正",
    "merged": lambda d: f"并入工单{d['master']}一并办理",
    "repeated": lambda d: f"企业重复反映（{d['repeat']}），计一次催办",
    "unmerged": lambda d: f"撤销并单：{d['reason']}",
    "reminded": lambda d: "企业催办",
    "reopened": lambda d: f"重新办理，新情况：{d['facts']}",
    "article_proposed": lambda d: f"拟为知识文章（{d['article']}）",
    "recused": lambda d: f"回避：{d['reason']}",
    "progressed": lambda d: f"办理进展：{d['text']}",
    "relayed": lambda d: f"中心转达：{d['text']}",
    "corrected": lambda d: f"更正登记内容（{'、'.join(FIELDS[name] for name in d['was'])}）：{d['reason']}",
    "enterprise_confirmed": lambda d: "核实企业",
    "passed_down": lambda d: f"内部转派至{d['unit']}",
    "assist_asked": lambda d: f"请{d['unit']}协办：{d['task']}",
    "assist_replied": lambda d: f"{d['unit']}协办回复：{d['text']}",
    "assist_waived": lambda d: f"免除{d['unit']}协办：{d['text']}",
    "order_sent_back": lambda d: f"退回督办单 {d['order']} 的回复：{d['reason']}",
    "circular_drafted": lambda d: "督办单逾期未回复，拟予通报",
    "measure_taken": lambda d: f"{Measure(d['kind']).label}：{d['text']}",
    "measure_declined": lambda d: f"不予{Measure(d['kind']).label}：{d['text']}",
    "quality_called": lambda d: (
        "撤单回访：" + {True: "系自愿撤回", False: "并非自愿撤回", None: "未联系上"}[d["own_will"]]
    ),
    "case_verified": lambda d: f"差评核实（{Finding(d['finding']).label}），请整改：{d['text']}",
    "case_appealed": lambda d: f"申诉：{d['text']}",
    "appeal_ruled": lambda d: f"申诉{'成立，整改终止' if d['upheld'] else '不成立，继续整改'}：{d['text']}",
    "case_mended": lambda d: f"提交整改：{d['measures']}",
    "case_rechecked": lambda d: f"整改复核{'通过' if d['passed'] else '未通过，重新整改'}：{d['text']}",
    "case_closed": lambda d: f"差评整改已完成：{d['feedback']}",
    "tracked": _tracked,
    "track_noted": lambda d: f"挂账进展：{d['text']}",
    "track_reported": lambda d: f"申请销账：{d['text']}",
    "track_checked": lambda d: f"销账回访，{_checked(d)}：{d['text']}",
    "track_ended": lambda d: f"挂账事项{TrackState(d['state']).label}",
    "track_lapsed": lambda d: "重新办理，挂账的承诺失效",
    "objected": lambda d: "企业对办理结果提出异议",
    "objection_decided": lambda d: f"异议{ObjectionState(d['state']).label}：{d['reason']}",
    "taken_up": lambda d: "异议成立，重新受理",
    "sham_found": lambda d: f"第{d['round']}轮办理结果经回访不属实，记虚假办结",
    "attached": lambda d: f"上传附件（{max(1, d['size'] // 1024)} KB）",
}
NOTICES: dict[str, Callable[[Data], str]] = {
    "account_changed": lambda d: f"{AccountChange(d['what']).label}。如果不是您本人要求的，请马上联系管理员",
    "submitted": lambda d: "新的诉求",
    "accepted": lambda d: "待派单",
    "dispatched": lambda d: "新派工单，请签收",
    "result_drafted": lambda d: "办理结果待签发",
    "result_submitted": lambda d: "办理结果待审核",
    "result_refused": lambda d: "办理结果被退回",
    "reworked": lambda d: "退回重办",
    "reopened": lambda d: "办结后重新办理",
    "requested": lambda d: "申请待审批",
    "request_drafted": lambda d: f"{RequestKind(d['request']).label}申请待签批",
    "request_asked": lambda d: f"{RequestKind(d['request']).label}申请待审批",
    "request_decided": lambda d: f"{RequestKind(d['request']).label}申请：{RequestState(d['state']).label}",
    "nobody_signs": lambda d: f"已派给{d['unit']}，该单位没有能签收的在用账号，请督办",
    "handed_over": lambda d: f"由本单位从{d['unit']}接办，时限不变",
    "withheld": lambda d: f"举报件涉及{d['unit']}的承接单位{d['successor']}，没有移交，请督办员处理",
    "taken_back": lambda d: f"工单已由中心{DispatchEnd(d['how']).label}，不再由本单位办理",
    "ruled": lambda d: f"已裁定由{d['unit']}承办，请派单",
    "order_drafted": lambda d: "督办单待签发",
    "order_issued": lambda d: "收到督办单",
    "order_sent_back": lambda d: "督办单回复被退回",
    "order_lapsed": lambda d: f"督办单 {d['order']} 草稿失效：时限已顺延，不再超期",
    "order_replied": lambda d: "督办单已回复",
    "measure_taken": lambda d: f"收到{Measure(d['measure']).label}",
    "bad_rating": lambda d: "差评待核实",
    "info_supplied": lambda d: "企业已补正，待受理",
    "case_verified": lambda d: f"差评整改 {d['case']}，请办理",
    "case_appealed": lambda d: f"整改 {d['case']} 申诉待裁定",
    "appeal_ruled": lambda d: f"整改 {d['case']} 申诉已裁定",
    "case_mended": lambda d: f"整改 {d['case']} 待复核",
    "case_rechecked": lambda d: f"整改 {d['case']} 待确认销号",
    "case_returned": lambda d: f"整改 {d['case']} 复核未通过，重新整改",
    "case_closed": lambda d: f"差评整改已完成：{d['feedback']}",
    "withdrawn": lambda d: "企业已撤单",
    "reminded": lambda d: "企业催办",
    "relayed": lambda d: "中心转达了企业的意见",
    "passed_down": lambda d: "内部转派，请办理",
    "assist_asked": lambda d: "新的协办任务",
    "assist_replied": lambda d: "协办单位已回复",
    "tracked": _tracked,
    "track_reported": lambda d: "挂账事项已报完成，待销账回访",
    "track_returned": lambda d: "销账回访未完成，继续挂账办理",
    "track_ended": lambda d: f"挂账事项{TrackState(d['state']).label}",
    "objected": lambda d: "企业提出异议，待裁定",
    "objection_decided": lambda d: f"您的异议{ObjectionState(d['state']).label}：{d['reason']}",
    "taken_up": lambda d: "异议成立，请重新受理",
    "sham_found": lambda d: "办理结果经回访不属实，记虚假办结",
    "escalated": lambda d: d["label"],
    "digest": lambda d: f"时限{STEP_LABELS[d['step']]}",
    "hot_topic": lambda d: f"热点：一周内{d['count']}件工单反映同一事项",
    "info_asked": lambda d: f"请于{_at(d['due_at'])}前补正：" + "；".join(d["gaps"]),
    "extended": lambda d: f"办理时限延至{_at(d['due_at'])}",
    "suspended": lambda d: f"暂停办理至{_at(d['until'])}",
    "rejected": lambda d: f"不予受理：{d['ground']}。{d['path']}",
    "terminated": lambda d: f"终止办理：{d['ground']}。{d['path']}",
    "not_supplied": lambda d: f"逾期未补正，终止办理：{d['text']}",
    "transferred": lambda d: f"已转出：{d['text']}",
    "merged": lambda d: f"已并入工单{d['master']}一并办理",
    "unmerged": lambda d: "已恢复为单独的工单",
    "policy_registered": lambda d: "新政策已登记，请在1个工作日内编写文章",
    "error_reported": lambda d: "有人报告文章有误，请核实" + ("（高风险，文章已暂停使用）" if d["high_risk"] else ""),
    "error_found": _error_found,
    "rating_invited": lambda d: "已办结，请您评价",
}
"""What a notice says, on a desk and in a message; the words of the enterprise and who it is never stand in one."""
