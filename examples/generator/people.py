"""The agents of the service centre, all of them invented, and the customers' numbers."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from generator import story
from generator.draw import lots

TEAMS = {"技术支持组": 12, "热线一组": 10, "热线二组": 9, "在线组": 9, "售后组": 5, "投诉组": 3}
BASIC_SKILL = {"技术支持组": 4, "热线一组": 2, "热线二组": 2, "在线组": 2}
"""Agents of a team with basic skill only; the report's 30 % of 12 people is no whole number."""

SURNAMES = "陈林黄张李王吴刘蔡杨许郑谢郭洪曾邱廖赖徐周叶苏庄吕江何罗高潘"
GIVEN_NAMES = ("思远", "雨桐", "子涵", "嘉宁", "若溪", "明哲", "晓彤", "文博", "安琪", "书瑶") + (
    "一鸣",
    "静怡",
    "浩然",
    "语嫣",
    "泽宇",
    "欣妍",
)

CUSTOMERS = 30_000
CUSTOMER_TYPES = (("老客户", 65), ("新客户", 25), ("VIP", 10))


@dataclass(frozen=True, slots=True)
class Agent:
    """One person of the roster."""

    agent_id: str
    name: str
    team: str
    leader_id: str
    level: str
    skill_level: str
    hired_on: date
    status: str


def make_agents() -> list[Agent]:
    """Everybody, team by team; the first of each team leads it."""
    rng = lots("agents")
    names = [surname + given for given in GIVEN_NAMES for surname in SURNAMES]
    rng.shuffle(names)
    agents: list[Agent] = []
    for team, size in TEAMS.items():
        leader_id = f"A{len(agents) + 1:03d}"
        for place in range(size):
            is_basic = place >= size - BASIC_SKILL.get(team, 0)
            agents.append(_agent(rng, len(agents) + 1, names.pop(), team, leader_id, is_basic))
    return agents


def _agent(
    rng: random.Random, number: int, name: str, team: str, leader_id: str, is_basic: bool
) -> Agent:
    agent_id = f"A{number:03d}"
    leads = agent_id == leader_id
    skill = rng.choice(("高级", "专家")) if leads else rng.choice(("中级", "中级", "高级"))
    days = rng.randrange(20, 200) if is_basic else rng.randrange(400, 2600)
    return Agent(
        agent_id=agent_id,
        name=name,
        team=team,
        leader_id=leader_id,
        level="组长" if leads else "专员",
        skill_level="基础" if is_basic else skill,
        hired_on=date(2025, 8, 31) - timedelta(days=days),
        status="试用" if is_basic and days < 90 else "在职",
    )


def choose_team(rng: random.Random, problem_type: str, channel: str) -> str:
    """The team that handles such a ticket; a few land elsewhere."""
    if problem_type == story.COMPLAINT:
        return "投诉组"
    if problem_type == story.TECH and rng.random() < 0.93:
        return "技术支持组"
    if problem_type == story.AFTER_SALES and rng.random() < 0.7:
        return "售后组"
    if channel != "电话":
        return "在线组"
    return rng.choice(("热线一组", "热线二组"))


def customer_id(number: int) -> str:
    return f"C{number:05d}"


def customer_type(customer: str) -> str:
    """The same answer for the same customer, in the proportions of `CUSTOMER_TYPES`."""
    place = int(customer[1:]) * 37 % 100
    for name, share in CUSTOMER_TYPES:
        if place < share:
            return name
        place -= share
    raise AssertionError("the shares add up to 100")
