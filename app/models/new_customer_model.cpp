#include "app/models/new_customer_model.h"

namespace tend {

void NewCustomerModel::begin(const QString &name)
{
    m_name = name;
    m_place.clear();
    m_phone.clear();
    m_open = true;
    setError({});
    emit edited();
    emit openChanged();
}

void NewCustomerModel::save()
{
    if (m_saving || !m_open)
        return;
    const NewCustomer customer{m_name.trimmed().toStdString(), m_place.trimmed().toStdString(),
        m_phone.trimmed().toStdString()};
    if (customer.name.empty()) {
        const replica::Error nameless{replica::ErrorCode::Invalid, {}};
        return setError(Words::error(nameless, Words::Doing::AddingCustomer));
    }
    m_saving = true;
    m_context.journal.run(
        [customer](Session &session) {
            auto id = session.journal().addCustomer(customer);
            if (id)
                session.syncSoon();
            return id;
        },
        this,
        [this](Result<Id> id) {
            m_saving = false;
            if (!id)
                return setError(Words::error(id.error(), Words::Doing::AddingCustomer));
            m_open = false;
            emit openChanged();
            emit added(QString::fromStdString(*id));
        });
}

void NewCustomerModel::close()
{
    if (!m_open)
        return;
    m_open = false;
    emit openChanged();
}

void NewCustomerModel::setError(const QString &error)
{
    m_error = error;
    emit errorChanged();
}

}  // namespace tend
