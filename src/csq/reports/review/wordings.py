"""The words of a review that are the same in every run."""

from __future__ import annotations

from csq.wording import Wording as W

TITLE = W("客户服务质量评估", "Customer service review")
CHAPTERS = {
    "cover": W("封面与摘要", "Summary"),
    "indicators": W("指标总表", "Indicators"),
    "trends": W("趋势", "Trends"),
    "groups": W("分组", "Groups"),
    "peaks": W("高峰", "Peaks"),
    "types": W("问题类型", "Problem types"),
    "satisfaction": W("满意度", "Satisfaction"),
    "stages": W("流程环节", "Stages"),
    "tracking": W("改进跟踪", "Improvements"),
    "details": W("明细", "Rows behind the misses"),
    "quality": W("数据质量", "Data quality"),
    "definitions": W("口径", "Definitions"),
}
STORY = {
    "strengths": W("优势", "Strengths"),
    "weaknesses": W("不足", "Weaknesses"),
    "directions": W("改进方向", "What to do"),
}
WEEKDAYS = (
    W("周一", "Mon"), W("周二", "Tue"), W("周三", "Wed"), W("周四", "Thu"),
    W("周五", "Fri"), W("周六", "Sat"), W("周日", "Sun"),
)  # fmt: skip

DIMENSION, INDICATOR = W("维度", "Dimension"), W("指标", "Indicator")
CALCULATION, TARGET = W("计算方式", "Calculation"), W("目标", "Target")
VALUE, GAP = W("本期", "Value"), W("差距", "Gap")
PREVIOUS, CHANGE, TREND = W("上期", "Previous"), W("较上期", "Change"), W("趋势", "Trend")
VERDICT, SOURCE, OWNER = W("结论", "Verdict"), W("数据来源", "Data source"), W("责任部门", "Owner")
ROWS = W("n", "n")
COMMA = W("、", ", ")
"""Between names."""
SHARE, CUMULATIVE = W("占比", "Share"), W("累计", "Cumulative")
COUNT, TOTAL = W("件数", "Count"), W("合计", "Total")
EACH_VALUE, BREACH = W("各期值", "Value"), W("超限值", "Beyond the limits")
LOWER_LIMIT, UPPER_LIMIT = W("下限", "Lower limit"), W("上限", "Upper limit")
ABOVE = W(
    "{period} {value}，高于上限 {limit}（{by}）",
    "{value} in {period}, above the upper limit {limit} ({by})",
)
BELOW = W(
    "{period} {value}，低于下限 {limit}（{by}）",
    "{value} in {period}, below the lower limit {limit} ({by})",
)
BEYOND = W("超出自然波动：{those}。", "Beyond the natural limits: {those}.")
DRIFTING = W(
    "持续变化：{first} 为 {a}，{last} 为 {b}；不在同一水平上，因此不画上下限。",
    "Keeps changing: {a} in {first}, {b} in {last}; not one level, so no limits are drawn.",
)
VALUES = W("各期数值", "Values")
RECOMPUTED, DIFFERENCE = W("公式复算", "Recomputed"), W("差异", "Difference")

STAGES = {
    ("created_at", "assigned_at"): W("接入 → 分派", "Received → assigned"),
    ("assigned_at", "first_response_at"): W("分派 → 首次响应", "Assigned → first response"),
    ("created_at", "first_response_at"): W("接入 → 首次响应", "Received → first response"),
    ("first_response_at", "resolved_at"): W("首次响应 → 解决", "First response → resolved"),
    ("resolved_at", "closed_at"): W("解决 → 归档", "Resolved → closed"),
    ("created_at", "resolved_at"): W("全程：接入 → 解决", "Whole: received → resolved"),
    ("created_at", "closed_at"): W("全程：接入 → 归档", "Whole: received → closed"),
}

PROCESS = (
    (W("接入", "Intake"), W("电话排队、接听", "Calls queue and are answered"),
     frozenset({"enqueued_at", "answered", "wait_s", "abandoned"})),
    (W("分派", "Assignment"), W("按类型分派到团队和坐席", "Tickets go to a team and an agent"),
     frozenset({"assigned_at", "transfers", "transferred"})),
    (W("首次响应", "First response"), W("坐席第一次回复客户", "An agent first answers the customer"),
     frozenset({"first_response_at"})),
    (W("协同处理", "Co-operation"), W("转技术、跨部门、外派、进度反馈", "Technical and other departments, progress notes"),
     frozenset({"first_plan_at", "transferred_to_tech", "departments", "outsourced", "progress_note_at"})),
    (W("解决", "Resolution"), W("给出方案并解决", "The issue is solved"),
     frozenset({"resolved_at", "first_contact_resolved", "resolved_in_session", "reopen_count"})),
    (W("投诉处理", "Complaints"), W("受理、答复、办结投诉", "Complaints are taken, answered, closed"),
     frozenset({"responded_at", "closed_at", "contacts_to_resolve", "cause"})),
    (W("反馈", "Feedback"), W("调研与评价", "Surveys and ratings"),
     frozenset({"csat", "nps", "sent_at", "service_end_at"})),
)  # fmt: skip
"""The stages of service, what is done in each, and the fields whose indicators speak of it."""

IMPACTS = (W("高", "high"), W("中", "medium"), W("低", "low"))
DONE = (W("是", "yes"), W("否", "no"), W("延期", "postponed"))

PRIVACY = {
    "mask": W("已脱敏", "masked"),
    "hash": W("已用本地盐值编码", "replaced by codes with a local salt"),
    "none": W("未处理", "shown as it is"),
}
"""What was done to what is personal, by `privacy:`."""
