"""Which words name a region's tier, and what is each rule called?"""

from enum import StrEnum


class Tier(StrEnum):
    """行政层级."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


TIER_LABELS = {Tier.PROVINCE: "省", Tier.CITY: "市", Tier.COUNTY: "县"}


class LimitKey(StrEnum):
    """The limits that notices set (process.md 7)."""

    CLAIM = "claim"
    ENTRY = "entry"
    PUBLICATION = "publication"
    REFERRAL = "referral"
    CHECK_REPORT = "check_report"


LIMIT_LABELS = {
    LimitKey.CLAIM: "认领、比对、确认",
    LimitKey.ENTRY: "检查结果录入",
    LimitKey.PUBLICATION: "结果公示",
    LimitKey.REFERRAL: "线索移送",
    LimitKey.CHECK_REPORT: "检查情况总结",
}
START_LABELS = {
    "dispatched": "派发之日",
    "check_ended": "检查结束之日",
    "task_completed": "抽查任务完成之日",
    "check_task_ended": "检查任务结束之日",
    "result_formed": "检查结果形成之日",
    "entry": "结果录入之日",
    "suspected_crime_found": "发现涉嫌犯罪之日",
}
GROUP_LABELS = {
    "identity": "通知", "plan": "计划", "items": "事项清单", "libraries": "名录库", "draw": "抽取", "risk": "风险分类",
    "check": "检查", "notice": "告知", "record": "记录表", "results": "检查结果", "deadlines": "时限",
    "publication": "公示", "follow_up": "后续处理", "reports": "报告", "kpis": "指标", "oversight": "督导",
    "archive": "归档", "privacy": "数据使用", "support": "保障", "dual_notice": "双告知",
}  # fmt: skip
RULE_LABELS = {
    "identity.region": "适用地区", "identity.tier": "层级", "identity.year": "年度", "identity.document_no": "文号",
    "identity.issued": "印发日期", "identity.body": "发文机构", "identity.convening_department": "牵头单位",
    "identity.platform": "使用平台", "identity.adopted_by": "转发地区",
    "plan.year_basis": "年度起算", "plan.kinds": "计划种类", "plan.submit_due": "部门报送时间",
    "plan.publish_due": "计划公布时间", "plan.publish_at": "计划公布途径", "plan.complete_by": "计划完成时间",
    "plan.monthly_balance": "按月均衡", "plan.no_fourth_quarter_rush": "杜绝四季度突击", "plan.changes": "计划调整",
    "plan.adhoc_joint_tasks": "临时联合任务", "plan.campaigns_as_joint_checks": "专项整治纳入联合抽查",
    "plan.duty_to_initiate": "发起责任", "plan.same_tier_and_method": "层级与方式一致", "plan.scheme": "检查方案",
    "plan.merge_same_field": "同领域合并", "plan.table_columns": "计划表栏目",
    "items.public": "清单公开", "items.dynamic": "清单动态调整", "items.guide": "随机抽查工作指引",
    "items.categories": "事项分类",
    "libraries.subject_kinds": "对象种类", "libraries.inspector_categories": "人员类别",
    "libraries.enrolment_target_percent": "入库率", "libraries.confirm_before_draw": "抽取前确认名录库",
    "libraries.entry_ways": "录入方式", "libraries.data_standard": "数据标准", "libraries.update_triggers": "更新时机",
    "libraries.stale_months": "多久没有更新算陈旧（月）",
    "draw.subjects_drawn_by": "对象由谁抽取", "draw.inspectors_drawn_by": "人员由谁抽取", "draw.order": "抽取次序",
    "draw.tier_modes": "抽查层级方式", "draw.list_fixed": "名单抽定后不得更改",
    "draw.joint_checks_per_subject_and_year": "同一对象年度联合抽查次数", "draw.targeting_values": "定向与不定向",
    "draw.ratio_forms": "比例写法", "draw.frequency_forms": "频次写法",
    "draw.inspectors_per_part_min": "每部门最少人数", "draw.shortfall": "人员不足时", "draw.expert_assist": "专家协助",
    "draw.leader": "组长", "draw.replacement": "更换检查人员",
    "risk.classes": "信用风险类别", "risk.labels": "信用风险类别名称", "risk.labelled_by": "分类单位", "risk.ratio_per_class_entry": "分类比例选填",
    "risk.multipliers_proposed": "分类比例建议倍数", "risk.use": "风险分类应用",
    "risk.other_classifications": "其他分级", "risk.raises": "风险影响", "risk.class_rules": "各类别抽查规则",
    "check.methods": "检查方式", "check.on_site_required": "实地检查要求", "check.precheck": "预查比对",
    "check.tolerant_enforcement": "柔性执法", "check.measures": "现场措施", "check.measure_forms": "措施形式",
    "check.avoid_disturbance": "减少打扰", "check.explain_policy_on_site": "现场宣传政策",
    "notice.who": "告知单位", "notice.forms": "告知方式", "notice.once_for_all_departments": "一次告知",
    "notice.unannounced_allowed": "可不事先告知",
    "record.form_name": "记录表名称", "record.subject_mark": "被检查对象签字盖章", "record.subject_signer": "签字人",
    "record.inspectors_mark": "检查人员签字", "record.online_min_signers": "网络核查签字人数",
    "record.refusal": "拒绝签字", "record.on_spot_entry": "当场录入", "record.missing_record": "未形成记录表",
    "results.codes": "检查结果种类", "results.short_paths": "可直接认定的结果",
    "deadlines.claim": "认领比对确认时限", "deadlines.entry": "结果录入时限", "deadlines.publication": "结果公示时限",
    "deadlines.referral": "线索移送时限", "deadlines.check_report": "检查总结时限",
    "publication.principle": "公示原则", "publication.targets": "公示平台", "publication.withheld_when": "不予公示情形",
    "publication.correction": "结果更正", "publication.under_enterprise": "记于企业名下",
    "publication.term": "公示期限",
    "follow_up.principles": "后续监管原则", "follow_up.judicial_transfer": "移送司法",
    "reports.per_check": "单次总结", "reports.annual": "年度总结", "reports.contacts_changes": "联系人变动",
    "kpis.item_coverage_min_percent": "事项覆盖率", "kpis.risk_use_min_percent": "风险分类应用率",
    "kpis.department_coverage": "部门覆盖", "kpis.joint_share": "联合抽查占比",
    "oversight.bulletin": "通报", "oversight.data_basis": "统计口径", "oversight.supervision": "督导检查",
    "oversight.ledger": "工作台账", "oversight.missing_entry_counts_as_not_done": "未录入视为未完成",
    "archive.duty": "立卷归档", "privacy.purpose_limit": "数据仅用于本职", "support.vehicles_and_allowances": "车辆与经费",
    "dual_notice": "双告知",
}  # fmt: skip
