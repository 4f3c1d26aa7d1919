"""The demonstration's matters: invented enterprises, real kinds of trouble, each at another point of its way."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Matter:
    """`days_ago`: working days before today on which it came in; `goes_to`: how far it has come (see demonstration.STEPS)."""

    days_ago: int
    goes_to: str
    title: str
    content: str
    category: str
    unit: str
    enterprise: str
    type: str = "complaint"
    difficulty: str = "ordinary"
    urgency: str = "routine"


A, B, C = "market-supervision", "tax", "justice"
MATTERS = (
    Matter(
        0,
        "submitted",
        "咨询高新技术企业认定奖补",
        "想了解今年申报奖补的条件和时间。",
        "benefit-policy-not-applied",
        A,
        "襄阳云帆软件有限公司",
        type="consult",
    ),
    Matter(
        0,
        "accepted",
        "园区夜间施工影响生产",
        "隔壁工地连续三晚施工，车间粉尘超标。",
        "improper-inspection-and-penalty",
        A,
        "襄阳精工仪表有限公司",
    ),
    Matter(
        0,
        "dispatched",
        "名称变更登记被要求重复提交材料",
        "窗口第三次要求补同一份材料。",
        "licensing-delay",
        A,
        "襄阳鼎盛商贸有限公司",
    ),
    Matter(
        1,
        "dispatched",
        "发票增额申请无人答复",
        "十天前提交的增额申请一直没有答复。",
        "licensing-delay",
        B,
        "襄阳汉江物流有限公司",
    ),
    Matter(
        3,
        "dispatched",
        "市场主体名称争议未处理",
        "同名企业投诉后一直没有处理结果。",
        "licensing-delay",
        A,
        "襄阳古城食品有限公司",
    ),
    Matter(
        5,
        "dispatched",
        "协会强制收取会费",
        "不入会不给办理年检，请核实。",
        "designated-intermediaries",
        A,
        "襄阳华联建材有限公司",
    ),
    Matter(2, "signed", "出口退税进度缓慢", "退税申请已受理两个月。", "licensing-delay", B, "襄阳远航外贸有限公司"),
    Matter(
        4,
        "signed",
        "转供电加价未清退",
        "园区物业电价高于目录电价，要求清退。",
        "arbitrary-charges",
        A,
        "襄阳东风配件有限公司",
    ),
    Matter(
        8,
        "signed",
        "重复检查影响经营",
        "同一事项半月内被检查三次。",
        "improper-inspection-and-penalty",
        A,
        "襄阳隆中茶业有限公司",
    ),
    Matter(
        6,
        "signed",
        "跨区迁移登记材料复杂",
        "涉及两个县区，材料要求不一致。",
        "licensing-delay",
        A,
        "襄阳恒信装备有限公司",
        difficulty="difficult",
    ),
    Matter(4, "result", "注销清税证明迟迟不开", "已补齐材料，仍未开具。", "licensing-delay", B, "襄阳诚德印务有限公司"),
    Matter(
        5,
        "refused",
        "指定检测机构收费过高",
        "要求必须到指定机构检测。",
        "designated-intermediaries",
        A,
        "襄阳万通检测设备有限公司",
    ),
    Matter(
        7, "passed", "个体户转企业手续咨询未答复", "电话咨询后无人回电。", "licensing-delay", A, "襄阳樊西农资经营部"
    ),
    Matter(
        9,
        "reworked",
        "扣押物品返还超期",
        "处罚已结案，物品一直未返还。",
        "improper-inspection-and-penalty",
        A,
        "襄阳鹿门酒业有限公司",
    ),
    Matter(
        10,
        "closed",
        "社保减免未落实",
        "符合条件但系统未减免。",
        "benefit-policy-not-applied",
        B,
        "襄阳新发纺织有限公司",
    ),
    Matter(
        11,
        "rated_well",
        "食品经营许可延期受阻",
        "系统提示错误，无法提交。",
        "licensing-delay",
        A,
        "襄阳唐城餐饮管理有限公司",
    ),
    Matter(
        12, "rated_badly", "开具完税证明被推诿", "三个窗口互相推诿。", "licensing-delay", B, "襄阳岘山文化传媒有限公司"
    ),
    Matter(
        2,
        "dispatched",
        "举报窗口人员索要好处",
        "办理变更时被暗示请客。",
        "solicitation-and-obstruction",
        "discipline-inspection",
        "襄阳某制造企业",
        type="report",
    ),
    Matter(
        1,
        "return_asked",
        "厂区门前占道经营无人管理",
        "占道摊贩堵住货车出入口，两个部门互相推。",
        "improper-inspection-and-penalty",
        A,
        "襄阳顺达运输有限公司",
    ),
    Matter(
        3,
        "returned",
        "水价执行标准有误",
        "按居民用水之外的标准多收了两个月。",
        "improper-inspection-and-penalty",
        B,
        "襄阳清泉饮品有限公司",
    ),
    Matter(
        4,
        "suspended",
        "抽检结论有争议",
        "对产品抽检结论有异议，已申请复检。",
        "improper-inspection-and-penalty",
        A,
        "襄阳绿源农产品有限公司",
    ),
    Matter(
        2,
        "difficult_asked",
        "老厂房补办产权手续",
        "九十年代改制的厂房一直没有产权证，影响贷款。",
        "licensing-delay",
        A,
        "襄阳华光纺织有限公司",
    ),
    Matter(
        3,
        "helped",
        "注销登记被税务和市场监管互相要求先办",
        "两边都要求对方先出证明。",
        "licensing-delay",
        A,
        "襄阳远景广告有限公司",
    ),
    Matter(
        1,
        "need_info",
        "招标文件疑似排斥中小企业",
        "没有写明是哪个项目。",
        "licensing-delay",
        A,
        "襄阳宏图建设有限公司",
    ),
    Matter(
        3,
        "repeated",
        "保证金退还再次拖延",
        "项目验收三个月，保证金仍未退还。",
        "licensing-delay",
        A,
        "襄阳恒信机电有限公司",
    ),
    Matter(
        5,
        "promised",
        "园区天然气管线未接通",
        "厂房已交付半年，天然气管线一直没有接通。",
        "licensing-delay",
        A,
        "襄阳汉水陶瓷有限公司",
    ),
    Matter(
        7,
        "objected",
        "稳岗补贴迟迟不到账",
        "公示期满三个月，补贴仍未到账。",
        "benefit-policy-not-applied",
        B,
        "襄阳南漳木业有限公司",
    ),
    Matter(
        0,
        "answered",
        "咨询企业开办需要多久",
        "想知道从申请到领照几天。",
        "licensing-delay",
        A,
        "襄阳初创科技有限公司",
        type="consult",
    ),
    Matter(
        1,
        "dispatched",
        "申请法治体检：合同、用工",
        "职工人数：35人\n所属行业：机械制造\n希望检查：合同、用工\n希望时间：下周三下午\n补充说明：无",
        "legal-check-up",
        C,
        "襄阳精工仪表有限公司",
        type="legal_check_up",
    ),
    Matter(
        2,
        "signed",
        "客户破产，货款怎么申报债权",
        "收到法院公告，想知道申报的期限和材料。",
        "legal-consultation",
        C,
        "襄阳鼎盛商贸有限公司",
        type="consult",
    ),
)
