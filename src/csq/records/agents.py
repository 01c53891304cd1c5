"""Agents: one row a person, the roster of the service centre."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar

from csq.records import vocabulary
from csq.records.base import Record
from csq.records.column import Column
from csq.wording import Wording


class Agent(Record):
    """One person of the roster, as of the day it was exported: it belongs to no period."""

    source: ClassVar[str] = "agents"
    title: ClassVar[Wording] = Wording("坐席名册", "Agent roster")
    key: ClassVar[str | None] = "agent_id"

    agent_id: Annotated[str, vocabulary.AGENT_ID]
    name: Annotated[
        str | None,
        Column(
            "姓名",
            "Name",
            aliases=("坐席姓名", "客服姓名", "员工姓名", "坐席名称", "Agent name")
            + ("Full name", "Employee name"),
            example="王芳",
        ),
    ] = None
    team: Annotated[str | None, vocabulary.TEAM.also(stand_ins=("技能组",))] = None
    leader_id: Annotated[
        str | None,
        Column(
            "组长工号",
            "Leader ID",
            aliases=("组长编号", "直属上级", "上级工号", "直属上级工号", "組長工號")
            + ("Team leader ID", "Supervisor ID", "Manager ID", "Reports to"),
            example="A001",
        ),
    ] = None
    level: Annotated[
        str | None,
        Column(
            "职级",
            "Level",
            aliases=("岗位", "岗位级别", "岗位名称", "Job level", "Job title", "Position", "Role"),
            terms=vocabulary.AGENT_LEVELS,
            example="专员",
        ),
    ] = None
    skill_level: Annotated[
        str | None,
        Column(
            "技能等级",
            "Skill level",
            aliases=("技能级别", "技能水平", "能力等级", "技能评级", "Skill", "Skill grade")
            + ("Skill tier", "Proficiency"),
            terms=vocabulary.SKILL_LEVELS,
            example="基础",
        ),
    ] = None
    hired_on: Annotated[
        datetime | None,
        Column(
            "入职日期",
            "Hired on",
            aliases=("入职时间", "到岗日期", "到岗时间", "上岗日期", "Hire date", "Date hired")
            + ("Join date", "Joined on"),
            example="2023-04-17",
        ),
    ] = None
    status: Annotated[
        str | None,
        Column(
            "状态",
            "Status",
            aliases=("在职状态", "人员状态", "员工状态", "坐席状态", "Employment status")
            + ("Agent status", "Employee status"),
            terms=vocabulary.AGENT_STATUSES,
            assumed=True,
            example="在职",
            about=Wording("为空按在职计", "a blank counts as active"),
        ),
    ] = None
